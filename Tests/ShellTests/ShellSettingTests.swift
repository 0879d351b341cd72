import CommandLanguage
import Model
import Testing

@testable import Shell

@Suite("Settings of kith itself") struct ShellSettingTests {
  @Test(
    "what a setting takes and what it does not",
    arguments: [
      ("shell.hints", "off", true), ("shell.hints", "dim", false), ("shell.colors", "on", true),
      ("shell.usage", "no", true), ("shell.dates", "exact", true), ("shell.dates", "iso", false),
      ("shell.pager", "auto", true), ("shell.pager", "less", false),
    ])
  func values(key: String, text: String, isAccepted: Bool) throws {
    let declaration = try #require(ShellSetting.named(SettingKey(key))).declaration
    let value = try? declaration.parse(text).get()
    #expect((value != nil) == isAccepted)
  }

  @Test("each is known by its key once, says what it does, and decides nothing of a plan")
  func declared() {
    let keys = ShellSetting.all.map(\.declaration.key)
    #expect(Set(keys).count == keys.count)
    for setting in ShellSetting.all {
      let declaration = setting.declaration
      #expect(declaration.help.hasSuffix(".") && !declaration.changesDecisions)
      #expect((try? declaration.parse(declaration.defaultValue.displayed).get()) == declaration.defaultValue)
      #expect(
        HelpTopics.named(declaration.key.rawValue).contains {
          $0.page().text(width: 10_000).contains(declaration.help.dropLast())
        }
      )
    }
  }
}
