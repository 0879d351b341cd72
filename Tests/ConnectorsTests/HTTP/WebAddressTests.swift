import Connectors
import Testing

@Suite struct WebAddressTests {
  @Test(
    "an address is taken apart",
    arguments: [
      ("https://Host.Example", "https://host.example", "", nil),
      ("http://127.0.0.1:8080/m365/", "http://127.0.0.1:8080", "/m365/", nil),
      ("https://h:8443/a b?x=1&y=ü#part", "https://h:8443", "/a%20b", "x=1&y=%C3%BC"),
      ("https://[::1]:5/x", "https://[::1]:5", "/x", nil),
      ("https://h/100%/%41", "https://h", "/100%25/%41", nil),
    ] as [(String, String, String, String?)])
  func parses(_ text: String, _ origin: String, _ path: String, _ query: String?) throws {
    let address = try #require(WebAddress(text))
    #expect(address.origin.description == origin)
    #expect(address.path == path)
    #expect(address.query == query)
  }

  @Test(
    "G23 what could be read in two ways is no address",
    arguments: [
      "", "ftp://h", "https://", "https:///x", "//h/x", "https://good@evil/", "https://h:0/", "https://h:99999/",
      "https://h\\@evil/", "https://h evil/", "https://h:80:80/", "https://[::1", "https://[gg]/", "javascript:x",
      "https://hé/",
    ])
  func refuses(_ text: String) { #expect(WebAddress(text) == nil) }

  @Test(
    "only this machine itself is a loopback",
    arguments: [
      ("http://127.0.0.1", true), ("http://127.9.8.7:1", true), ("http://localhost:80", true),
      ("http://[::1]:80", true),
      ("http://127.evil.example", false), ("http://127.0.0.1.evil", false), ("http://localhost.evil", false),
      ("http://128.0.0.1", false), ("http://[::2]", false), ("http://127.0.0.256", false),
    ])
  func loopback(_ text: String, _ isLoopback: Bool) {
    #expect(WebAddress(text)?.origin.isLoopback == isLoopback)
  }

  @Test("G23 an odd id stays inside its path segment")
  func segments() throws {
    let base = try #require(WebAddress("https://h/v1/"))
    let address = base.appending(["users", "../a/b?c#d é"], query: [("$filter", "mail eq 'a+b@c&d'")])
    #expect(
      address.description == "https://h/v1/users/..%2Fa%2Fb%3Fc%23d%20%C3%A9?$filter=mail%20eq%20%27a%2Bb%40c%26d%27")
    #expect(base.appending([".."]).path == "/v1/%2E%2E")
  }

  @Test("a location is seen from where it was given")
  func resolves() throws {
    let base = try #require(WebAddress("https://h:44/a/b"))
    #expect(base.resolving("/c?d")?.description == "https://h:44/c?d")
    #expect(base.resolving("//other/x")?.origin.host == "other")
    #expect(base.resolving("https://h:44/z")?.origin == base.origin)
    #expect(base.resolving("z") == nil)
  }
}
