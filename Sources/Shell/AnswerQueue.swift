/// Answers in the order they will be asked for.
import Synchronization

final class AnswerQueue: Sendable {
  private let waiting: Mutex<[String]>
  init(_ answers: [String]) { waiting = Mutex(answers) }
  func add(_ answer: String) { waiting.withLock { $0.append(answer) } }
  func next() -> String? { waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
