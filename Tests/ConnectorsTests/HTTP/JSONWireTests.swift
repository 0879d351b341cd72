import Connectors
import Foundation
import Model
import Testing

@Suite struct JSONWireTests {
  private struct Page: Decodable {
    struct Item: Decodable { var id: Int }
    var value: [Item]
  }

  @Test(
    "an error names the call and the place",
    arguments: [
      (#"{"value":[{"id":1},{"id":2},{"id":3},{}]}"#, "users page 2: value[3].id is missing"),
      (#"{"value":[{"id":"x"}]}"#, "users page 2: value[0].id is no whole number"),
      (#"{"value":[{"id":null}]}"#, "users page 2: value[0].id is null"),
      (#"{"value":7}"#, "users page 2: value is no list"),
      (#"{"value":[{"id":99999999999999999999}]}"#, "users page 2: the answer is no JSON"),
      (#"{}"#, "users page 2: value is missing"),
      (#"[]"#, "users page 2: the answer is no"),
      ("", "users page 2: the answer is no JSON"),
      ("<html>", "users page 2: the answer is no JSON"),
      (#"{"value":[{"id":1}"#, "users page 2: the answer is no JSON"),
    ])
  func places(_ text: String, _ message: String) {
    do throws(ConnectorError) {
      _ = try JSONWire.decode(Page.self, from: Data(text.utf8), purpose: "users page 2")
      Issue.record("nothing was found wrong")
    } catch {
      #expect(error.kind == .malformed)
      #expect(error.message.hasPrefix(message), "\(error.message)")
    }
  }

  @Test("G23 JSON as deep as it likes is an error and no crash", arguments: ["[", #"{"value":"#])
  func deep(_ opening: String) {
    let text = String(repeating: opening, count: 200_000)
    #expect(throws: ConnectorError.self) {
      try JSONWire.decode(Page.self, from: Data(text.utf8), purpose: "users")
    }
  }

  @Test("a body of ours has its keys in order and escapes what must be")
  func encodes() {
    let value: JSONValue = ["b": ["x\"\n", 1, true], "a": "é/"]
    #expect(String(decoding: JSONWire.encode(value), as: UTF8.self) == #"{"a":"é/","b":["x\"\n",1,true]}"#)
  }
}

@Suite struct RedactionTests {
  @Test("G22 a secret is taken out of a server's words in each of its forms")
  func secrets() {
    let redaction = Redaction([Secret("p=w/x")])
    let words = redaction.clean("bad p=w/x and p%3Dw%2Fx and cD13L3g= \r\n\t end")
    #expect(words == "bad ‹secret› and ‹secret› and ‹secret› end")
    #expect(redaction.clean(String(repeating: "a", count: 9_999)).count == 300)
  }

  @Test("G22 the log keeps no query that could hold somebody's data, and only the last calls")
  func log() throws {
    let address = try #require(
      WebAddress("https://h/users?$top=999&$filter=mail%20eq%20x&$skiptoken=abc&conditions=id%3D1&pageId=5"))
    #expect(
      CallLog.redacted(address) == "https://h/users?$top=999&$filter=…&$skiptoken=…&conditions=…&pageId=5")
    let log = CallLog(capacity: 3)
    for status in 1...5 {
      log.add(Call(method: "GET", address: "x", status: status, milliseconds: 0, requestID: nil))
    }
    #expect(log.recent.map(\.status) == [3, 4, 5])
  }
}

@Suite struct ConnectorSetupTests {
  @Test(
    "plain http is for this machine only",
    arguments: [
      ("http://127.0.0.1:8080/m365", true), ("http://localhost:1", true), ("https://anywhere.example/x/", true),
      ("http://anywhere.example", false), ("http://127.0.0.1.evil.example", false), ("anywhere.example", false),
      ("https://user:word@anywhere.example", false), ("https://h/?x=1", false),
    ])
  func url(_ text: String, _ isAccepted: Bool) {
    let setup = ConnectorSetup.test(
      "m365", ScriptedTransport { _, _ in HTTPResponse(status: 200) }, parameters: ["url": text])
    do throws(ConnectorError) {
      let address = try setup.url()
      #expect(address != nil && isAccepted)
    } catch {
      #expect(!isAccepted)
      #expect(error.kind == .misconfigured)
      #expect(error.hint != nil)
      #expect(!error.message.contains("word"))
    }
  }

  @Test(
    "what is missing is named",
    arguments: [
      ("m365", ["client-id": ""], "client-id"), ("connectwise", ["company": " "], "company"),
      ("connectwise", ["url": ""], "where"), ("connectwise", ["url": "", "region": "moon"], "where"),
      ("m365", ["cloud": "moon"], "moon"),
    ] as [(SystemID, [String: String], String)])
  func missing(_ system: SystemID, _ parameters: [String: String], _ word: String) {
    let setup = ConnectorSetup.test(
      system, ScriptedTransport { _, _ in HTTPResponse(status: 200) }, parameters: parameters)
    let type = Systems.all.first { $0.description.id == system }
    do throws(ConnectorError) {
      _ = try type?.init(setup)
      Issue.record("nothing was found missing")
    } catch {
      #expect(error.kind == .misconfigured)
      #expect(error.message.contains(word))
    }
  }

  @Test("every system declares a rule, a summary and the vendor's name for each field, and each kind its fields")
  func declarations() {
    #expect(Set(Systems.all.map { $0.description.id }).count == Systems.all.count)
    for system in Systems.all.map({ $0.description }) {
      #expect(Systems.description(of: system.id)?.name == system.name)
      for kind in system.kinds {
        let fields = system.fields[kind] ?? []
        #expect(!fields.isEmpty)
        #expect(Set(fields.map(\.name)).count == fields.count)
        #expect(fields.allSatisfy { !$0.summary.isEmpty && !$0.vendorName.isEmpty && !($0.isFact && $0.isWritable) })
        #expect(system.features.pageSize[kind] != nil)
      }
    }
  }

  @Test("nothing is sent after the end, whether or not anything was sent before", arguments: [false, true])
  func shutDown(_ wasUsed: Bool) async throws {
    let stack = HTTPStack()
    let address = try #require(WebAddress("http://127.0.0.1:1/"))
    let request = HTTPRequest(.get, address, purpose: "look")
    if wasUsed { _ = try? await stack.transport.send(request) }
    await stack.shutdown()
    do throws(ConnectorError) {
      _ = try await stack.transport.send(request)
      Issue.record("it was sent")
    } catch {
      #expect(error.message == "cannot reach 127.0.0.1:1: kith is closing")
      #expect(error.delivery == .notSent)
    }
    await stack.shutdown()
  }

  @Test("a system that cannot be reached is named with its port and the cause")
  func refused() async throws {
    let stack = HTTPStack()
    let setup = ConnectorSetup.test("m365", stack.transport)
    var connection = setup.connection
    connection.parameters["url"] = "http://127.0.0.1:1/m365"
    let connector = try Systems.make(connection, secrets: setup.secrets, stack: stack, now: { .now })
    let report = try await connector.check(partitions: [])
    await stack.shutdown()
    #expect(report.results.count == 1)
    #expect(report.results.first?.outcome == .failed)
    #expect(report.results.first?.detail == "cannot reach 127.0.0.1:1: connection refused")
    #expect(stack.log.recent.allSatisfy { $0.status == nil && $0.address == "http://127.0.0.1:1/m365" })
  }
}
