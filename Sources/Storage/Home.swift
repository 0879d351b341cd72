/// The folder in which everything of one installation lies.
package import Foundation

package struct Home: Hashable, Sendable {
  package let directory: URL
  package init(directory: URL) { self.directory = directory }

  /// The home that is meant: `--home DIR`, else `KITH_HOME`, else `kith` in the XDG data folder (`~/.local/share`).
  ///
  /// A relative XDG folder is ignored, as the XDG specification asks.
  package static func locate(flag: String?, environment: [String: String]) -> Home {
    func folder(_ text: String?) -> URL? {
      guard let text, !text.isEmpty else { return nil }
      return URL(fileURLWithPath: text, isDirectory: true).standardizedFileURL
    }
    if let named = folder(flag) ?? folder(environment["KITH_HOME"]) { return Home(directory: named) }
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/"), let shared = folder(data) {
      return Home(directory: shared.appendingPathComponent("kith", isDirectory: true))
    }
    let user = folder(environment["HOME"]) ?? FileManager.default.homeDirectoryForCurrentUser
    return Home(directory: user.appendingPathComponent(".local/share/kith", isDirectory: true))
  }

  package var store: URL { directory.appendingPathComponent("kith.sqlite") }
  /// The sealed secrets.
  package var vault: URL { directory.appendingPathComponent("vault.json") }
  /// The key that opens them.
  package var key: URL { directory.appendingPathComponent("vault.key") }
  package var scripts: URL { directory.appendingPathComponent("scripts", isDirectory: true) }
  package var log: URL { directory.appendingPathComponent("kith.log") }

  /// Makes the home and its folder of scripts (mode 0700) where they are missing.
  package func prepare() throws(StoreError) {
    try StoreFile.makeFolder(directory)
    try StoreFile.makeFolder(scripts)
  }
}
