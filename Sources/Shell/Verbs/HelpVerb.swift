/// `help`: the verbs, or whatever a word means; a word that names nothing is looked for in everything that help says.
import CommandLanguage
import Execution
import Model
import Planning
import Storage

enum HelpVerb: Verb {
  static let declaration = VerbDeclaration(
    "help", group: "Shell", effect: .looks,
    summary: "the verbs, or what a word means",
    details: """
      The word is a verb, a reason, a recipe, a setting, a list, a field, a word of scripts, or one of: \
      \(LanguagePages.all.map(\.word).joined(separator: ", ")). Any other word is looked for in all of these.
      """,
    forms: [Form("help", [.optional([.many([.slot("topic", .topic)])])])],
    examples: [
      .init("help sync", "how a verb is used"), .init("help unlicensed", "what a reason means, and what to do"),
      .init("help first", "the way to the first sync"), .init("help licence", "wherever that is spoken of"),
    ])

  /// So wide is a page where there is no terminal.
  static let pageWidth = 100

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let width = min(session.style.width().map { max(40, $0 - 1) } ?? pageWidth, 120)
    let words = call.texts("topic")
    guard !words.isEmpty else { return .text(overview(width: width)) }
    let word = words.joined(separator: " ")
    let topics = [word, words[0]].lazy.map(HelpTopics.named).first { !$0.isEmpty } ?? []
    guard !topics.isEmpty else { return .text(try found(word, width: width)) }
    // That lists have a field of the name is said in a line, where the word means something more.
    let main = topics.filter { $0.kind != "field" }
    var pages = try (main.isEmpty ? topics : main).map { try page(of: $0, in: session).text(width: width) }
    if !main.isEmpty, main.count < topics.count {
      let lists = Listings.all.filter { $0.columns.contains { $0.name == topics[0].word } }.map(\.name)
      pages.append(HelpPage.Block.text("also a field of: \(lists.joined(separator: ", "))").text(width: width))
    }
    return .text(pages.joined(separator: "\n\n"))
  }

  static func overview(width: Int) -> String {
    let more = [
      HelpPage.Term("help VERB", "how it is used"), .init("help first", "from nothing to the first sync"),
      .init("help where", "conditions"), .init("help filters", "what may follow |"),
      .init("help scripts", "lines that run by themselves"), .init("help keys", "the keys of the prompt"),
      .init("help exit", "the exit codes"), .init("help WORD", "a reason, a setting, a field, or any word"),
    ]
    return CommandLanguage.overview(of: Verbs.declarations, width: width) + "\n\nMore\n"
      + aligned(more, width: width).joined(separator: "\n")
  }

  /// A page with what the store knows of it.
  private static func page(of topic: HelpTopic, in session: Session) throws -> HelpPage {
    var page = topic.page()
    switch topic.kind {
    case "language" where topic.word == LanguagePages.first.word: return try FirstSteps(session).page
    case "setting": page.blocks.insert(contentsOf: try inForce(SettingKey(topic.word), in: session), at: 1)
    case "reason":
      if let reason = Reason(rawValue: topic.word) {
        page.blocks.insert(contentsOf: try standing(reason, session), at: 1)
      }
    default: break
    }
    return page
  }

  /// The values that a setting has now, sync by sync.
  private static func inForce(_ key: SettingKey, in session: Session) throws -> [HelpPage.Block] {
    let syncs = try session.context.map { try session.syncs(meantBy: $0.name) } ?? session.store.syncs()
    let terms = try syncs.compactMap { sync in
      try session.engine.settings(for: sync)[key].map { HelpPage.Term(sync.name.rawValue, $0.displayed) }
    }
    let shown = terms.prefix(5) + (terms.count > 5 ? [.init("…", "show settings where setting is \(key)")] : [])
    return terms.isEmpty ? [] : [.terms("now", Array(shown))]
  }

  /// A record that stops for the reason in a newest plan, with what `why` says about it.
  private static func standing(_ reason: Reason, _ session: Session) throws -> [HelpPage.Block] {
    let syncs = try session.context.map { try session.syncs(meantBy: $0.name) } ?? session.store.syncs()
    for sync in syncs {
      guard let newest = try session.store.plans(of: sync.name, limit: 1).first,
        let plan = try session.store.plan(newest.id),
        let decision = plan.decisions.first(where: { $0.reason.reason == reason })
      else { continue }
      let explanation = Why.explain(
        decision: decision.number, of: plan, in: try session.engine.situations(for: sync.name))
      let advice = explanation?.counterfactual.first?.command ?? explanation?.nextStep
      let count = plan.decisions.count { $0.reason.reason == reason }
      return [
        .terms(
          "now",
          [
            .init(
              "\(count) in \(newest.id) of \(sync.name)", "such as \(decision.label)\(advice.map { ": \($0)" } ?? "")")
          ])
      ]
    }
    return []
  }

  /// Every topic that speaks of a word, with the line that shows it.
  private static func found(_ word: String, width: Int) throws -> String {
    let topics = HelpTopics.mentioning(word)
    let near = nearest(word, among: HelpTopics.all.map(\.word)).map { "did you mean  help \($0)?" }
    guard !topics.isEmpty else {
      throw ShellError("Nothing speaks of “\(word)”.", hint: near ?? "help lists the verbs")
    }
    let most = 16
    let terms = topics.prefix(most).map { HelpPage.Term("help \($0.word)", "\($0.kind): \($0.summary)") }
    var lines = ["“\(word)” is no topic of its own; these speak of it:"] + aligned(Array(terms), width: width)
    if topics.count > most { lines.append("  … \(topics.count - most) more") }
    if let near { lines.append(near) }
    return lines.joined(separator: "\n")
  }
}
