/// The answer to `why` about a company.
import Foundation
import Model
import Planning
import Shell
import Testing

@Suite struct FunnelRenderingTests {
  private let funnel = Funnel(
    read: 214,
    stages: [
      Funnel.Stage(gate: .match, stops: [Funnel.Stop(reason: .ambiguousTarget, count: 3)]),
      Funnel.Stage(
        gate: .state,
        stops: [Funnel.Stop(reason: .unlicensed, count: 31), Funnel.Stop(reason: .signInDisabled, count: 2)]),
      Funnel.Stage(gate: .data, stops: [Funnel.Stop(reason: .missingEmail, count: 1)]),
    ],
    endings: [
      Funnel.Ending(action: .inStep, count: 170), Funnel.Ending(action: .create, count: 5),
      Funnel.Ending(action: .update, count: 2),
    ],
    headline: "Most who do not arrive have no licence that counts: 31 of 214.",
    companyLines: [GateLine(gate: .run, mark: .stopped, text: "sync-disabled   enabled is off")],
    gone: [Funnel.Ending(action: .deactivate, count: 1), Funnel.Ending(action: .skip, count: 2)], targetOnly: 12)

  @Test("the likely cause, the company's gates, then figures that add up")
  func whole() {
    #expect(
      renderFunnel(funnel, name: "Acme Dental", sync: acme, style: .plain) == """
        Acme Dental  acme/contacts   Most who do not arrive have no licence that counts: 31 of 214.
          ✗ run       sync-disabled   enabled is off
          read 214 → match −3 ambiguous-target → state −31 unlicensed −2 sign-in-disabled → data −1 missing-email → in step 170, changed 7 (create 5, update 2)
          3 linked before and no longer at the source: deactivate 1, skip 2
          12 only at the target: left alone

        """)
  }

  @Test("in a terminal a bar shows what is left behind each gate")
  func bars() {
    #expect(
      renderFunnel(funnel, name: "Acme Dental", sync: acme, style: .terminal(60)).contains(
        """
            ██████████  214  read
            █████████░  211  match  −3 ambiguous-target
            ████████░░  178  state  −31 unlicensed
                               −2 sign-in-disabled
            ████████░░  177  data  −1 missing-email
            ████████░░  177  in step 170, changed 7 (create 5,
                               update 2)

        """))
    #expect(
      renderFunnel(funnel, name: "Acme Dental", sync: acme, style: .terminal(60, ascii: true)).contains(
        "    #########.  211  match  -3 ambiguous-target\n"))
  }

  @Test("a narrow terminal breaks at the arrows")
  func narrow() {
    #expect(
      renderFunnel(funnel, name: "Acme Dental", sync: acme, style: .terminal(50)).contains(
        """
            read 214 → match −3 ambiguous-target
              → state −31 unlicensed −2 sign-in-disabled
              → data −1 missing-email
              → in step 170, changed 7 (create 5, update
                2)

        """))
  }

  @Test("every figure of the line adds up to the number read")
  func sums() throws {
    let line = try #require(
      renderFunnel(
        funnel, name: "Acme Dental", sync: acme, style: RenderStyle(now: morning, timeZone: utc, ascii: true)
      )
      .split(separator: "\n").first { $0.contains("read 214") })
    let stops = line.matches(of: #/-(\d+) /#).compactMap { Int($0.1) }
    let inStep = try #require(line.firstMatch(of: #/in step (\d+)/#).flatMap { Int($0.1) })
    let changed = try #require(line.firstMatch(of: #/changed (\d+)/#).flatMap { Int($0.1) })
    #expect(stops == [3, 31, 2, 1])
    #expect(stops.reduce(0, +) + inStep + changed == 214)
  }

  @Test("nobody read")
  func empty() {
    let none = Funnel(read: 0, stages: [], endings: [], headline: "Nobody was read.", companyLines: [], targetOnly: 0)
    #expect(
      renderFunnel(none, name: acme.rawValue, sync: acme, style: .plain) == """
        acme/contacts   Nobody was read.
          read 0 → in step 0, changed 0

        """)
  }
}
