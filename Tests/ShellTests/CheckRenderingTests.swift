/// What `check` found.
import Model
import Shell
import Testing

@Suite struct CheckRenderingTests {
  private let passed = [
    CheckResult(name: "reachable", outcome: .passed, detail: "v2025.1, cloud"),
    CheckResult(name: "contacts: read", outcome: .passed, detail: "190 contacts"),
  ]

  @Test("a connection that passed")
  func passing() {
    #expect(
      renderCheck(passed, of: "cw", style: .plain) == """
        cw: passed
          ✓ reachable        v2025.1, cloud
          ✓ contacts: read   190 contacts

        """)
  }

  @Test("failures stand with their fix, partitions under their name")
  func failing() {
    let results = [
      CheckResult(
        name: "users", outcome: .failed, detail: "403 Forbidden", fix: "grant User.Read.All", partition: "acme.example"),
      CheckResult(name: "reachable", outcome: .passed, detail: "0.2 s"),
      CheckResult(
        name: "licences", outcome: .warned, detail: "names unknown", fix: "grant Organization.Read.All",
        partition: "acme.example"),
    ]
    #expect(
      renderCheck(results, of: "m365", style: .terminal(80)) == """
          m365: 1 of 3 tests failed
            ✓ reachable   0.2 s
            acme.example
              ✗ users       403 Forbidden
                  fix: grant User.Read.All
              ! licences    names unknown
                  fix: grant Organization.Read.All

        """)
  }

  @Test("nothing tested is not passed")
  func nothing() {
    #expect(renderCheck([], of: "cw", style: .plain) == "cw: nothing was tested\n")
  }

  @Test("G23 a server's words cannot steer the terminal", arguments: hostileTexts)
  func hostile(text: String) {
    let result = CheckResult(name: text, outcome: .failed, detail: text, fix: text, partition: text)
    #expect(!steersTerminal(renderCheck([result], of: text, style: .terminal(80))))
  }
}
