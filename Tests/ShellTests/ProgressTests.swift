/// Work under way, in one line.
import Shell
import Testing

@Suite struct ProgressTests {
  @Test(
    "bar, figures, time and remark",
    arguments: [
      (
        Progress("applying", done: 29, total: 41, secondsLeft: 5.4, remark: "^C stops after the current person"),
        "applying ███████░░░░  29/41   6 s left   ^C stops after the current person"
      ),
      (Progress("applying", done: 0, total: 41), "applying ░░░░░░░░░░░  0/41"),
      (Progress("applying", done: 40, total: 41), "applying ██████████░  40/41"),
      (Progress("applying", done: 41, total: 41), "applying ███████████  41/41"),
      (Progress("applying", done: 50, total: 41), "applying ███████████  50/41"),
      (Progress("applying", done: 0, total: 0), "applying ███████████  0/0"),
      (Progress("reading Microsoft 365", done: 400), "reading Microsoft 365 400"),
      (Progress("reading Microsoft 365", done: 0), "reading Microsoft 365"),
      (Progress("applying", done: 1, total: 2, secondsLeft: 130), "applying █████░░░░░░  1/2   2 min 10 s left"),
    ] as [(Progress, String)])
  func lines(progress: Progress, expected: String) {
    #expect(renderProgress(progress, style: .terminal(80)) == expected)
  }

  @Test("in ASCII, and with an estimate that is none")
  func ascii() {
    #expect(
      renderProgress(Progress("applying", done: 1, total: 2, secondsLeft: .infinity), style: .terminal(80, ascii: true))
        == "applying #####......  1/2")
  }
}
