/// What each type of setting takes, and what it says when it does not.
import Model
import Testing

@Suite struct SettingTests {
  @Test(
    "typed values are read by their type",
    arguments: [
      (SettingType.flag, "on", SettingValue.flag(true) as SettingValue?), (.flag, "no", .flag(false)),
      (.flag, "maybe", nil), (.count, "12", .count(12)), (.count, "-1", nil), (.count, "99999999999999999999", nil),
      (.percent, "30%", .count(30)), (.percent, "101", nil), (.duration, "7d", .duration(604_800)),
      (.duration, "90", nil), (.duration, "9223372036854775807d", nil), (.text, "none", .text("")),
      (.list, "a.example, b.example", .list(["a.example", "b.example"])), (.list, "none", .list([])),
      (.choice(["keep", "overwrite"]), "keep", .text("keep")), (.choice(["keep", "overwrite"]), "kep", nil),
    ])
  func parsing(type: SettingType, text: String, value: SettingValue?) {
    let declaration = SettingDeclaration("key", type, default: .text(""), help: "")
    switch declaration.parse(text) {
    case .success(let parsed): #expect(parsed == value)
    case .failure(let failure):
      #expect(value == nil)
      #expect(failure.allowed == type.words)
    }
  }

  @Test("values read back as they are typed", arguments: ["30s", "20m", "6h", "7d", "90s"])
  func durations(text: String) throws {
    let declaration = SettingDeclaration("key", .duration, default: .duration(0), help: "")
    #expect(try declaration.parse(text).get().displayed == text)
  }

  @Test("G04 the fingerprint moves with what decides, and with nothing else")
  func fingerprint() {
    let settings = Settings(declarations: [
      SettingDeclaration("create", .flag, default: .flag(true), help: ""),
      SettingDeclaration("full-read-every", .duration, default: .duration(1), help: "", changesDecisions: false),
    ])
    #expect(settings.fingerprint == settings.with("create", .flag(true)).fingerprint)
    #expect(settings.fingerprint != settings.with("create", .flag(false)).fingerprint)
    #expect(settings.fingerprint == settings.with("full-read-every", .duration(2)).fingerprint)
  }
}
