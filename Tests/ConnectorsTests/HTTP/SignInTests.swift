import Connectors
import Model
import Synchronization
import Testing

@Suite struct SignInTests {
  private final class Issuer: Sendable {
    let issued = Mutex(0)
    let isDown = Mutex(false)
    func token(_ tenant: String) throws(ConnectorError) -> AccessToken {
      if isDown.withLock({ $0 }) { throw .refused }
      let number = issued.withLock { number in
        number += 1
        return number
      }
      return AccessToken(value: Secret("\(tenant) \(number)"), lifetime: 1000)
    }
  }

  private static func make() -> (SignIn, Issuer, FakeClock) {
    let (issuer, clock) = (Issuer(), FakeClock())
    let signIn = SignIn(clock: clock) { tenant async throws(ConnectorError) in
      await Task.yield()
      return try issuer.token(tenant)
    }
    return (signIn, issuer, clock)
  }

  @Test("a token is renewed when four fifths of its life are over")
  func renewal() async throws {
    let (signIn, issuer, clock) = Self.make()
    #expect(try await signIn.token(for: "a").reveal() == "a 1")
    clock.advance(799)
    #expect(try await signIn.token(for: "a").reveal() == "a 1")
    #expect(try await signIn.token(for: "b").reveal() == "b 2")
    clock.advance(1)
    #expect(try await signIn.token(for: "a").reveal() == "a 3")
    // While the host is down the old one serves as long as it is good.
    clock.advance(900)
    issuer.isDown.withLock { $0 = true }
    #expect(try await signIn.token(for: "a").reveal() == "a 3")
    clock.advance(100)
    #expect(await failure { try await signIn.token(for: "a") }?.kind == .unreachable)
  }

  @Test("many who ask at once share one sign-in")
  func together() async throws {
    let (signIn, issuer, _) = Self.make()
    await withTaskGroup(of: String?.self) { group in
      for _ in 1...50 { group.addTask { try? await signIn.token(for: "a").reveal() } }
      for await token in group { #expect(token == "a 1") }
    }
    #expect(issuer.issued.withLock { $0 } == 1)
  }

  @Test("a token that was refused is not given again")
  func refused() async throws {
    let (signIn, _, _) = Self.make()
    let first = try await signIn.token(for: "a")
    let second = try await signIn.token(for: "a", insteadOf: first)
    #expect(second.reveal() == "a 2")
    // Somebody else was refused with the first one, too late.
    #expect(try await signIn.token(for: "a", insteadOf: first) == second)
  }
}
