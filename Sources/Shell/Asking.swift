/// Questions to a person, where there is one.

/// Somebody who can answer. Where nobody can (`-c` from a scheduler, a pipe) a session has none, and what needs an
/// answer is refused beforehand.
package protocol Asking: Sendable {
  /// The answer without the line end; `nil` when it was refused (^C, end of input).
  func answer(to question: String) -> String?
  /// Like ``answer(to:)``, unseen.
  func secret(for question: String) -> String?
}

/// Answers written down beforehand: for transcripts and tests.
package final class ScriptedAnswers: Asking {
  private let answers: AnswerQueue
  private let output: any OutputSink

  package init(_ answers: [String], output: any OutputSink) {
    self.answers = AnswerQueue(answers)
    self.output = output
  }

  package func add(_ answer: String) { answers.add(answer) }

  package func answer(to question: String) -> String? {
    let answer = answers.next()
    output.writeError(question + (answer ?? "^C") + "\n")
    return answer
  }

  package func secret(for question: String) -> String? {
    output.writeError(question + "\n")
    return answers.next()
  }
}
