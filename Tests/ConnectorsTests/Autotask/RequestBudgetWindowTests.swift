import Connectors
import Model
import Testing

@Suite struct RequestBudgetWindowTests {
  private static func window(
    _ requests: Int = 100, seconds: Int = 3_600, used: Int? = 0, at time: Double = 0
  ) -> RequestBudgetWindow {
    var window = RequestBudgetWindow(RequestBudget(requests: requests, windowSeconds: seconds))
    if let used { window.learn(used: used, at: time) }
    return window
  }

  @Test("it asks first, then after so many requests, so many seconds, and whenever it is told to")
  func asking() {
    var window = Self.window(10_000, used: nil)
    #expect(window.admit(at: 0) == .ask)
    window.learn(used: 0, at: 0)
    for _ in 0..<250 { #expect(window.admit(at: 1) == .go(after: 0)) }
    #expect(window.admit(at: 1) == .ask)
    window.learnNothing(at: 1)
    #expect(window.admit(at: 600) == .go(after: 0))
    #expect(window.admit(at: 601) == .ask)
    window.learn(used: 300, at: 601)
    #expect(window.admit(at: 602) == .go(after: 0))
    window.wantAsking()
    #expect(window.admit(at: 602) == .ask)
    #expect(window.timesAsked == 3)
  }

  @Test(
    "new work stops at 95 %, and what was begun may use the rest",
    arguments: [(0, 95, 5), (50, 45, 5), (94, 1, 5), (95, 0, 5), (99, 0, 1), (100, 0, 0), (5_000, 0, 0)])
  func reserve(_ others: Int, _ fresh: Int, _ followUps: Int) {
    var window = Self.window(used: others)
    var (sent, finished) = (0, 0)
    while case .go = window.admit(at: 1) { sent += 1 }
    while case .go = window.admit(at: 1, isFollowUp: true) { finished += 1 }
    #expect(sent == fresh)
    #expect(finished == followUps)
  }

  @Test("with no room it says how long, asks again before it gives up, and waits only for a little while")
  func noRoom() {
    var window = Self.window(used: 99)
    guard case .refuse(let seconds) = window.admit(at: 1) else {
      Issue.record("let through")
      return
    }
    // Others' requests leave the window evenly: of 99 fewer than 95 are left after 146 s.
    #expect(seconds > 140 && seconds < 160)
    #expect(window.admit(at: 14.9).isRefusal)
    #expect(window.admit(at: 15) == .ask)
    window.learn(used: 20, at: 15)
    #expect(window.admit(at: 15) == .go(after: 0))
  }

  @Test("a short wait is waited for, once and not for ever")
  func shortWait() {
    var window = Self.window(20, seconds: 60)
    for _ in 0..<19 { if case .go = window.admit(at: 0) { continue } }
    guard case .wait(let seconds) = window.admit(at: 14) else {
      Issue.record("no wait")
      return
    }
    #expect(seconds > 15 && seconds <= 60)
    #expect(window.admit(at: 14, waited: 59).isRefusal)
  }

  @Test("our own requests leave the window one after the other; what others did is held to go on until they are asked")
  func rolling() {
    var window = Self.window(100)
    for second in 0..<10 { _ = window.admit(at: Double(second * 60)) }
    #expect(window.usage(at: 599).used == 10)
    #expect(window.usage(at: 3_611).used == 9)
    #expect(window.usage(at: 5_000).used == 0)
    window.learn(used: 60, at: 700)
    #expect(window.usage(at: 700).used == 60)
    #expect(window.usage(at: 4_299).used == 50)
    #expect(window.usage(at: 4_301).used == 0)
  }

  @Test("from half of the budget on, requests leave no faster than the window renews them")
  func slowing() {
    var window = Self.window(3_600, used: 2_000)
    #expect(window.admit(at: 10) == .go(after: 0))
    #expect(window.admit(at: 10) == .go(after: 1))
    #expect(window.admit(at: 10) == .go(after: 2))
    #expect(window.admit(at: 20) == .go(after: 0))
  }

  @Test("nonsense from the server does no harm")
  func nonsense() {
    var window = Self.window(100, used: nil)
    window.learn(used: -5, limit: -1, windowSeconds: 0, at: 0)
    #expect(window.usage(at: 0) == (0, 100))
    window.learn(used: .max, limit: .max, windowSeconds: .max, at: 0)
    #expect(window.admit(at: 1).isRefusal)
    window.learn(used: 3, limit: 10, windowSeconds: 60, at: 1)
    #expect(window.usage(at: 1) == (3, 10))
  }
}

extension RequestBudgetWindow.Decision {
  fileprivate var isRefusal: Bool { if case .refuse = self { true } else { false } }
}
