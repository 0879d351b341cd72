/// The folder in which everything of one installation lies.
package import Foundation

package struct Home: Hashable, Sendable {
  package let directory: URL
  /// Where the person's own files of settings lie: the home itself, or a folder apart from it.
  package let configuration: URL

  package init(directory: URL, configuration: URL? = nil) {
    self.directory = directory
    self.configuration = configuration ?? directory
  }

  /// The home that is meant: `--home DIR`, else `KITH_HOME`, else `kith` in the XDG data folder (`~/.local/share`), with
  /// what a person configures in `kith` in the XDG configuration folder (`~/.config`).
  ///
  /// A relative XDG folder is ignored, as the XDG specification asks.
  package static func locate(flag: String?, environment: [String: String]) -> Home {
    func folder(_ text: String?) -> URL? {
      guard let text, !text.isEmpty else { return nil }
      return URL(fileURLWithPath: text, isDirectory: true).standardizedFileURL
    }
    if let named = folder(flag) ?? folder(environment["KITH_HOME"]) { return Home(directory: named) }
    let user = folder(environment["HOME"]) ?? FileManager.default.homeDirectoryForCurrentUser
    func shared(_ variable: String, else usual: String) -> URL {
      let named = environment[variable].flatMap { $0.hasPrefix("/") ? folder($0) : nil }
      return (named ?? user.appendingPathComponent(usual, isDirectory: true))
        .appendingPathComponent("kith", isDirectory: true)
    }
    return Home(
      directory: shared("XDG_DATA_HOME", else: ".local/share"),
      configuration: shared("XDG_CONFIG_HOME", else: ".config"))
  }

  package var store: URL { directory.appendingPathComponent("kith.sqlite") }
  /// The sealed secrets.
  package var vault: URL { directory.appendingPathComponent("vault.json") }
  /// The key that opens them.
  package var key: URL { directory.appendingPathComponent("vault.key") }
  package var scripts: URL { directory.appendingPathComponent("scripts", isDirectory: true) }
  /// What the shell reads when it starts at a terminal.
  package var rc: URL { configuration.appendingPathComponent("rc.kith") }
  package var log: URL { directory.appendingPathComponent("kith.log") }

  /// Makes the folder of the rc file (mode 0700) where it is missing.
  package func prepareConfiguration() throws(StoreError) { try StoreFile.makeFolder(configuration) }

  /// Makes the home and its folder of scripts (mode 0700) where they are missing.
  package func prepare() throws(StoreError) {
    try StoreFile.makeFolder(directory)
    try StoreFile.makeFolder(scripts)
  }
}
