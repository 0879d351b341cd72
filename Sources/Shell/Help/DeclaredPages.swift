/// Pages of help from what is declared: verbs, lists, fields, recipes, settings, reasons.
import CommandLanguage
import Connectors
import Foundation
import Model
import Planning

/// A setting with the recipe that declares it; `nil`: kith's own.
struct DeclaredSetting {
  var declaration: SettingDeclaration
  var recipe: String?

  init(_ declaration: SettingDeclaration, _ recipe: String?) { (self.declaration, self.recipe) = (declaration, recipe) }
}

/// A field with the list that has it.
struct ListedField {
  var listing: Listing
  var column: Column
}

extension HelpTopics {
  /// A verb, and below it the names that its slots take where these are declared.
  static func page(of verb: VerbDeclaration) -> HelpPage {
    var page = helpPage(for: verb)
    let slots = Set(verb.forms.flatMap(\.elements).flatMap(\.slotTypes))
    let names: [HelpPage.Block] = [
      (SlotType.things, "things", Listings.all.map { HelpPage.Term($0.name, $0.summary) }),
      (.system, "systems", Systems.descriptions.map { .init($0.id.rawValue, $0.name) }),
      (.recipe, "recipes", Recipes.all.map { .init($0.handle, $0.summary) }),
    ].compactMap { type, heading, terms in slots.contains(type) ? .terms(heading, terms) : nil }
    let place = page.blocks.lastIndex { if case .examples = $0 { true } else { false } } ?? page.blocks.count
    page.blocks.insert(contentsOf: names, at: place)
    return page
  }

  static func page(of listing: Listing) -> HelpPage {
    let fields = listing.columns.map { column in
      HelpPage.Term(column.name, column.help + (column.type == .text ? "" : " (\(column.type.help))"))
    }
    var examples = [VerbDeclaration.Example("show \(listing.name)", listing.summary)]
    if let first = listing.columns.first {
      examples.append(.init("show \(listing.name) | count by \(first.name)", "how many there are of each"))
    }
    var blocks: [HelpPage.Block] = [.terms("fields", fields), .examples(examples)]
    let narrowing = [listing.isOfCompany ? "of COMPANY" : nil, listing.hasSince ? "since WHEN" : nil].compactMap(\.self)
    if !narrowing.isEmpty {
      blocks.insert(.text("It takes \(narrowing.joined(separator: " and ")), where and filters."), at: 0)
    }
    return HelpPage(listing.name, listing.summary, blocks)
  }

  static func page(ofField fields: [ListedField]) -> HelpPage {
    let lists = fields.map { field in
      let type = field.column.type == .text ? "" : " (\(field.column.type.help))"
      return HelpPage.Term(field.listing.name, field.column.help + type)
    }
    let relations = Comparison.Relation.fitting(fields[0].column.type).map { HelpPage.Term($0.rawValue, $0.help) }
    let (list, name) = (fields[0].listing.name, fields[0].column.name)
    return HelpPage(
      name, fields[0].column.help,
      [.terms("in", lists)] + choices(of: fields) + [
        .terms("compared by", relations),
        .examples([
          .init("show \(list) where \(name) is not blank", "where it is filled in"),
          .init("show \(list) | sort \(name)", "in its order"),
        ]),
      ])
  }

  /// What a field of a few words can be, in each of the lists where that differs.
  private static func choices(of fields: [ListedField]) -> [HelpPage.Block] {
    let closed = fields.filter { !$0.column.choices.isEmpty && $0.column.choices.count <= mostChoices }
    var groups: [(choices: [Column.Choice], lists: [String])] = []
    for field in closed {
      if let index = groups.firstIndex(where: { $0.choices == field.column.choices }) {
        groups[index].lists.append(field.listing.name)
      } else {
        groups.append((field.column.choices, [field.listing.name]))
      }
    }
    return groups.map { group in
      .terms(
        groups.count > 1 || group.lists.count < fields.count
          ? "can be, in \(group.lists.joined(separator: ", "))" : "can be",
        group.choices.map { HelpPage.Term(quoted($0.value), $0.help) })
    }
  }

  /// Of reasons there are more; they have a list of their own.
  private static let mostChoices = 12

  static func page(of recipe: Recipe) -> HelpPage {
    let fields = recipe.stages.flatMap { stage in
      stage.mapping.map {
        HelpPage.Term("\($0.source) → \($0.target)", recipe.stages.count > 1 ? stage.kind.rawValue : "")
      }
    }
    let settings = recipe.settings.map { setting in
      HelpPage.Term(
        setting.key.rawValue,
        "\(setting.type.words), \(setting.isRequired ? "needed" : "default \(setting.defaultValue.displayed)"): \(setting.help)"
      )
    }
    let systems = [recipe.sourceSystems, recipe.targetSystems].map { side in
      side.map { id in Systems.description(of: id)?.name ?? id.rawValue }.joined(separator: " or ")
    }
    return HelpPage(
      recipe.handle, recipe.name,
      [
        .text(recipe.summary), .terms("", [.init("from", systems[0]), .init("to", systems[1])]),
        .terms("fields", fields), .terms("settings", settings),
        .terms("steps", recipe.steps.enumerated().map { .init("\($0 + 1)", $1) }),
        .examples([
          .init("show syncs where recipe is \(recipe.handle)", "those that are set up"),
          .init("show mapping | sort sync", "which field feeds which, as it is set now"),
        ]),
      ])
  }

  static func page(ofSetting declared: [DeclaredSetting]) -> HelpPage {
    let declaration = declared[0].declaration
    let key = declaration.key
    var facts = [HelpPage.Term("takes", declaration.type.words), .init("default", declaration.defaultValue.displayed)]
    for other in declared.dropFirst() where other.declaration.defaultValue != declaration.defaultValue {
      facts.append(.init("", "\(other.declaration.defaultValue.displayed) in \(other.recipe ?? "")"))
    }
    let recipes = declared.compactMap(\.recipe)
    facts.append(.init("of", recipes.isEmpty ? "kith itself, for everything" : recipes.joined(separator: ", ")))
    if declaration.isRequired { facts.append(.init("needed", "add sync asks for it")) }
    var examples: [VerbDeclaration.Example] = []
    if let value = declaration.exampleValue {
      examples.append(.init("set \(key) to \(quoted(value))\(recipes.isEmpty ? "" : " for acme")", "gives it a value"))
    }
    if !recipes.isEmpty, let value = declaration.exampleValue {
      examples.append(.init("preview acme with \(key)=\(quoted(value))", "tries it without setting it"))
    }
    examples.append(.init("unset \(key)\(recipes.isEmpty ? "" : " for acme")", "back to its default"))
    return HelpPage(key.rawValue, declaration.help.withoutStop, [.terms("", facts), .examples(examples)])
  }

  static func page(of reason: Reason) -> HelpPage {
    var facts = [
      HelpPage.Term("stops at", "the \(reason.gate.rawValue) gate"),
      .init("class", "\(reason.reasonClass.rawValue): \(reason.reasonClass.words)"),
    ]
    if let rule = reason.rule { facts.append(.init("rule", rule)) }
    facts.append(.init("what to do", reason.remedy ?? "nothing"))
    return HelpPage(
      reason.rawValue, reason.sentence.withoutStop,
      [
        .terms("", facts),
        .examples([
          .init("why where reason is \(reason.rawValue)", "everyone who stops there"),
          .init("show reasons where gate is \(reason.gate.rawValue)", "what else stops there"),
        ]),
      ])
  }
}

extension SettingDeclaration {
  /// A value that is not its default; `nil` where only its reader could name one.
  fileprivate var exampleValue: String? {
    switch type {
    case .flag: defaultValue == .flag(true) ? "off" : "on"
    case .choice(let words): words.first { $0 != defaultValue.displayed }
    case .count: defaultValue == .count(20) ? "10" : "20"
    case .percent: defaultValue == .count(20) ? "10" : "20"
    case .duration: defaultValue == .duration(86_400) ? "12h" : "1d"
    case .text, .list: nil
    }
  }
}
