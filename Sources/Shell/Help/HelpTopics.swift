/// Everything that `help` knows: one list of topics, for the verb, for completion, for looking words up, and for the
/// manual.
import CommandLanguage
import Model
import Planning

/// A word with a page of help.
struct HelpTopic: Sendable {
  /// What `help` takes.
  var word: String
  /// What it is a word for: "verb", "reason".
  var kind: String
  var summary: String
  var page: @Sendable () -> HelpPage

  init(_ kind: String, _ page: @autoclosure @escaping @Sendable () -> HelpPage, word: String, summary: String) {
    (self.kind, self.word, self.summary, self.page) = (kind, word, summary, page)
  }

  init(_ kind: String, _ page: HelpPage) {
    self.init(kind, page, word: page.word, summary: page.summary)
  }
}

enum HelpTopics {
  static let all: [HelpTopic] = verbs + statements + language + lists + recipes + settings + reasons + fields

  /// The pages of a word, the verb's first.
  static func named(_ word: String) -> [HelpTopic] {
    let word = word.lowercased()
    let alias = Verbs.declarations.first { $0.aliases.contains(word) }?.name
    let found = all.filter { $0.word == word }
    if !found.isEmpty { return found }
    return all.filter { $0.word == alias }
  }

  static let verbs = Verbs.declarations.map { verb in
    HelpTopic("verb", page(of: verb), word: verb.name, summary: verb.summary)
  }

  static let statements = StatementHelp.all.map { HelpTopic("word of scripts", $0.page) }
  static let language = LanguagePages.all.map { HelpTopic("language", $0) }

  static let lists = Listings.all.map { listing in
    HelpTopic("list", page(of: listing), word: listing.name, summary: listing.summary)
  }

  static let recipes = Recipes.all.map { recipe in
    HelpTopic("recipe", page(of: recipe), word: recipe.handle, summary: recipe.name)
  }

  static let reasons = Reason.allCases.map { reason in
    HelpTopic("reason", page(of: reason), word: reason.rawValue, summary: reason.sentence)
  }

  /// One topic a key, whatever recipes have it.
  static let settings: [HelpTopic] = {
    let ofRecipes = Recipes.all.flatMap { recipe in recipe.settings.map { DeclaredSetting($0, recipe.handle) } }
    let declared = ofRecipes + ShellSetting.all.map { DeclaredSetting($0.declaration, nil) }
    var keys: [SettingKey] = []
    for setting in declared where !keys.contains(setting.declaration.key) { keys.append(setting.declaration.key) }
    return keys.map { key in
      let same = declared.filter { $0.declaration.key == key }
      return HelpTopic(
        "setting", page(ofSetting: same), word: key.rawValue, summary: same[0].declaration.help.withoutStop)
    }
  }()

  /// The fields of lists.
  static let fields: [HelpTopic] = {
    let all = Listings.all.flatMap { listing in listing.columns.map { ListedField(listing: listing, column: $0) } }
    var names: [String] = []
    for field in all where !names.contains(field.column.name) { names.append(field.column.name) }
    return names.map { name in
      let same = all.filter { $0.column.name == name }
      return HelpTopic("field", page(ofField: same), word: name, summary: same[0].column.help)
    }
  }()
}

extension HelpTopics {
  /// What has a word in its name, its summary or its text, the nearest first.
  static func mentioning(_ text: String) -> [HelpTopic] {
    let wanted = text.lowercased().split(separator: " ")
    func has(_ text: String) -> Bool { wanted.allSatisfy(text.lowercased().contains) }
    func rank(_ topic: HelpTopic) -> Int? {
      if has(topic.word) { return 0 }
      if has(topic.summary) { return 1 }
      return has(topic.page().text(width: 100_000)) ? 2 : nil
    }
    let ranked = all.enumerated().compactMap { index, topic in
      rank(topic).map { (rank: $0, index: index, topic: topic) }
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.map(\.topic)
  }
}
