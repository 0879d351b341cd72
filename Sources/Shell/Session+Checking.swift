/// The static check: everything that is wrong with a text, and with the scripts that it runs, before anything of it runs.
import CommandLanguage
import Foundation
import LineEditing
import Model
import Storage

/// A text as parsed, and everything that was found.
struct CheckedText {
  var script: ParsedScript
  /// What was known of names while it was checked.
  var vocabulary: ShellVocabulary
  /// What is wrong with the text itself, and where it runs a script with which something is wrong.
  var findings: [Finding]
  /// The scripts that it runs, directly or through others, in which something is wrong, each once.
  var wrongScripts: [WrongScript]
  /// What was checked.
  var source: String
  /// The file that it is from; `nil` for a line.
  var name: String?
  /// Whether it is a line at the prompt.
  var isTyped: Bool

  struct WrongScript {
    var path: String
    var told: String
  }

  /// Nothing was found, so that it may run.
  var isRight: Bool { findings.isEmpty }
}

extension Session {
  /// Scripts may run scripts so deep.
  static let deepestScript = 8

  /// Parses a text and checks it.
  ///
  /// - Parameters:
  ///   - name: the file that the text is from, for findings; `nil` for a line.
  ///   - isTyped: whether verbs may be abbreviated.
  ///   - variables: the names that are there before the text begins.
  ///   - canAsk: whether somebody can answer when it runs; `nil`: as it is now.
  ///   - isDry: whether it will send nothing anyway; `nil`: as it is now.
  ///   - rules: what else is wrong with a text of its kind.
  ///   - names: what is known of names already; `nil` looks them up.
  ///   - chain: the real paths of the scripts that run it, the outermost first, itself the last.
  func check(
    _ source: String, named name: String? = nil, isTyped: Bool = false, variables: [String: VariableShape] = [:],
    canAsk: Bool? = nil, isDry: Bool? = nil, adding rules: (ParsedScript) -> [Finding] = { _ in [] },
    knowing names: ShellVocabulary? = nil, inside chain: [String]? = nil
  ) -> CheckedText {
    let (canAsk, isDry) = (canAsk ?? self.canAsk, isDry ?? self.isDry)
    var vocabulary = names ?? ShellVocabulary(session: self)
    if names == nil { vocabulary.held = HeldLookups() }
    let mode = isTyped ? ParsingMode.terminal : .script
    var parsed = parse(source, vocabulary: vocabulary, mode: mode)
    vocabulary.announced = Announced(by: parsed.pipelines.map(\.command))
    if !vocabulary.announced.isEmpty { parsed = parse(source, vocabulary: vocabulary, mode: mode) }
    var findings = CommandLanguage.check(
      parsed, vocabulary: vocabulary, canAsk: canAsk, isDry: isDry, variables: variables)
    findings += rules(parsed)
    var wrongScripts: [CheckedText.WrongScript] = []
    for command in parsed.commands where command.verb == RunVerb.declaration.name {
      let (found, wrong) = check(
        run: command, canAsk: canAsk, isDry: isDry, inside: chain ?? scripts.map(\.path))
      findings += found
      for script in wrong where !wrongScripts.contains(where: { $0.path == script.path }) {
        wrongScripts.append(script)
      }
    }
    return CheckedText(
      script: parsed, vocabulary: vocabulary, findings: findings, wrongScripts: wrongScripts, source: source,
      name: name,
      isTyped: isTyped)
  }

  /// Shows what was found.
  func tell(_ checked: CheckedText) { tell(told(checked)) }

  /// The findings of a text and of the scripts that it runs as they are shown: with their lines and carets, and no secret.
  func told(_ checked: CheckedText) -> String {
    let own = render(
      checked.findings, in: checked.source, named: checked.name,
      under: checked.isTyped ? promptWidth(before: checked.source) : nil, within: look.width,
      concealing: secrets(in: checked.source, vocabulary: checked.vocabulary))
    return ([own] + checked.wrongScripts.map(\.told)).joined(separator: "\n")
  }

  /// The columns of the prompt where a line that was typed stands behind it in one row, so that carets can stand right under
  /// it; `nil` elsewhere.
  private func promptWidth(before line: String) -> Int? {
    guard isTyped, let columns = look.width, !line.contains("\n") else { return nil }
    let prompt = Prompt.shell(context: context?.name).width(unicode: !look.ascii)
    return prompt + DisplayWidth.of(line) < columns ? prompt : nil
  }

  /// What is wrong with a line that runs a script whose name is there to read: the file, the arguments, the script's own
  /// text, and that it would come round to itself.
  private func check(
    run command: Invocation, canAsk: Bool, isDry: Bool, inside chain: [String]
  ) -> (findings: [Finding], wrong: [CheckedText.WrongScript]) {
    guard let argument = command.arguments("script").first, let word = argument.literalText else { return ([], []) }
    func one(_ message: String, fix: String? = nil) -> ([Finding], [CheckedText.WrongScript]) {
      ([Finding(message, at: argument.span, fix: fix)], [])
    }
    let file: ScriptFile
    do {
      file = try script(meantBy: word)
    } catch {
      // That there is none was found with the other names of the line.
      return error.isMissing ? ([], []) : one(error.failure.message.withoutStop, fix: error.failure.hint)
    }
    if chain.contains(file.path) {
      let names = (chain + [file.path]).map {
        (($0 as NSString).lastPathComponent as NSString).deletingPathExtension
      }
      return one("\(names.joined(separator: " runs ")), and a script may not run itself")
    }
    if chain.count >= Self.deepestScript {
      return one("scripts run scripts too deeply here: \(Self.deepestScript) are the most")
    }
    var findings: [Finding] = []
    if !canAsk, let doubt = file.doubts.first {
      findings.append(Finding(doubt.message.withoutStop, at: argument.span, fix: doubt.fix))
    }
    let inner = check(
      file.text, named: file.name, canAsk: canAsk, isDry: isDry || command.has("dry"), inside: chain + [file.path])
    findings += misfits(of: command, for: inner.script.parameters, named: file.name)
    guard !inner.isRight else { return (findings, []) }
    findings.append(
      Finding("the script \(file.name) has \(counted(inner.findings.count, "finding"))", at: argument.span))
    return (findings, [.init(path: file.path, told: told(inner))])
  }

  /// Parameters without a default that a line leaves out, and arguments that are no single value.
  private func misfits(of command: Invocation, for parameters: [Parameter], named name: String) -> [Finding] {
    var findings: [Finding] = []
    for pair in command.pairs {
      if case .list = pair.argument.content {
        findings.append(Finding("a parameter takes one value, not a list", at: pair.argument.span))
      }
    }
    let given = Set(command.pairs.map(\.key))
    let missing = parameters.filter { $0.initial == nil && !given.contains($0.name.text) }
    if !missing.isEmpty {
      findings.append(
        Finding(
          "\(name) needs \(missing.map(\.name.text).joined(separator: ", "))", at: command.span,
          fix: "add  " + missing.map { "\($0.name.text)=\($0.kind.rawValue.uppercased())" }.joined(separator: " ")))
    }
    return findings
  }
}

extension String {
  /// The sentence as it goes on after it.
  var withoutStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
