/// Saved scripts: files in the home's `scripts/`.
import CommandLanguage
import Foundation
import Storage

extension SlotType {
  static let script = SlotType("script")
}

extension Home {
  private static let ending = "kith"

  /// The names of the saved scripts.
  var scriptNames: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(at: scripts, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == Self.ending }.map { $0.deletingPathExtension().lastPathComponent }
      .sorted()
  }

  func script(named name: String) -> URL { scripts.appendingPathComponent("\(name).\(Self.ending)") }
}

extension Session {
  /// The text of a saved script; `nil` where there is none of that name.
  func text(ofScript name: String) -> String? {
    guard home.scriptNames.contains(name) else { return nil }
    return (try? Data(contentsOf: home.script(named: name))).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Runs a saved script.
  func runScript(named name: String, arguments: [String: String]) async -> ExitCode {
    guard let text = text(ofScript: name) else {
      show(unknown(name, as: "script", among: home.scriptNames))
      return .wrong
    }
    guard arguments.isEmpty else {
      show(ShellError("\(name) takes no parameters.", hint: "schedule it without  with", code: .wrong))
      return .wrong
    }
    return await run(text, named: name)
  }
}
