/// Every file in `Sessions/`, and the README's sessions, are played and compared whole.
///
/// `KITH_REWRITE=1 Scripts/test --filter Transcripts` writes down what really came back; the difference is then reviewed
/// like code.
import Foundation
import Testing

@Suite struct TranscriptTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Sessions")
  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".txt") }.sorted()

  @Test("a session goes as it is written", arguments: files)
  func session(file: String) async throws {
    let url = Self.folder.appendingPathComponent(file)
    let written = try String(contentsOf: url, encoding: .utf8)
    let player = Player()
    let result: Result<String, any Error>
    do { result = .success(try await player.play(Transcript(written))) } catch { result = .failure(error) }
    await player.end()
    let played = try result.get()
    if ProcessInfo.processInfo.environment["KITH_REWRITE"] == "1", played != written {
      try played.write(to: url, atomically: true, encoding: .utf8)
      return
    }
    #expect(played == written, "\(file): \(firstDifference(written, played))")
  }

  @Test("the README's session goes as it is written")
  func readme() async throws {
    let url = Self.folder.appendingPathComponent("../../../README.md").standardizedFileURL
    let written = try String(contentsOf: url, encoding: .utf8)
    let page = SessionPage(written)
    #expect(!page.transcript.steps.isEmpty)
    let player = Player()
    let result: Result<[[String]], any Error>
    do { result = .success(try await player.steps(of: page.transcript)) } catch { result = .failure(error) }
    await player.end()
    let played = page.rewritten(with: try result.get())
    if ProcessInfo.processInfo.environment["KITH_REWRITE"] == "1", played != written {
      try played.write(to: url, atomically: true, encoding: .utf8)
      return
    }
    #expect(played == written, "README.md: \(firstDifference(written, played))")
  }

  @Test("there are sessions to play")
  func sessionsExist() { #expect(Self.files.count > 5) }
}

/// The first line at which two texts part, for the eye.
func firstDifference(_ written: String, _ played: String) -> String {
  let (left, right) = (
    written.split(separator: "\n", omittingEmptySubsequences: false),
    played.split(separator: "\n", omittingEmptySubsequences: false)
  )
  for index in 0..<max(left.count, right.count) {
    let (a, b) = (
      index < left.count ? String(left[index]) : "‹end›", index < right.count ? String(right[index]) : "‹end›"
    )
    if a != b { return "line \(index + 1)\n  written: \(a)\n  played:  \(b)" }
  }
  return "no line differs"
}
