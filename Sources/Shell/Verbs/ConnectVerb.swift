/// `connect`: adds a connection; its secrets go to the vault, or stay where they are named.
import CommandLanguage
import Connectors
import Execution
import Foundation
import Model
import Storage

enum ConnectVerb: Verb {
  static let declaration = VerbDeclaration(
    "connect", group: "Set up",
    summary: "add a connection to a system",
    details: """
      A secret is never typed on the line: leave it out to be asked for it unseen (it goes to the vault), or say where \
      it is: env:NAME, file:PATH or vault:NAME. The keys of each system are listed by  show systems.
      """,
    forms: [
      Form(
        "connect",
        [
          .slot("system", .system), .keyword("as", help: "what the connection is called from now on"),
          .slot("name", .name), .pairs("system"),
        ])
    ],
    examples: [
      .init("connect m365 as ms client-id=0c1d2e3f client-secret=env:M365_SECRET", "adds the Microsoft 365 app"),
      .init("connect file as hr path=users.csv", "adds a CSV file of people"),
      .init(
        "connect connectwise as cw region=eu company=msp public-key=k client-id=1b2c private-key=env:CW_KEY",
        "adds ConnectWise"),
    ])

  static func run(_ call: Invocation, in session: Session) async throws -> Outcome {
    let system = SystemID(call.text("system") ?? "")
    guard let description = Systems.description(of: system) else {
      throw session.unknown(system.rawValue, as: "system", among: Systems.all.map { $0.description.id.rawValue })
    }
    let name = call.text("name") ?? ""
    let former = try session.store.connection(named: name)
    if let former, former.system != system {
      throw ShellError(
        "\(name) is a connection to \(former.system) already.", hint: "choose another name, or:  disconnect \(name)")
    }
    var parameters: [String: String] = [:]
    var secrets: [String: String] = [:]
    for pair in call.pairs {
      let (key, argument) = (pair.key, pair.argument)
      guard let parameter = description.parameters.first(where: { $0.key == key }) else {
        let near = nearest(key, among: description.parameters.map(\.key))
        throw ShellError(
          "\(description.name) has no \(key)=.",
          hint: near.map { "did you mean \($0)=?" }
            ?? "it takes \(description.parameters.map(\.key).joined(separator: ", "))",
          code: .wrong)
      }
      let text = argument.text
      guard parameter.isSecret else {
        parameters[key] = parameter.isPath ? session.file(text).path : text
        continue
      }
      guard SecretReference(text) != nil else {
        throw ShellError(
          "\(key) is a secret and is not typed on the line, where others could read it.",
          hint: "say where it is: \(key)=env:NAME, \(key)=file:PATH or \(key)=vault:NAME; or leave it out to be asked",
          code: .wrong)
      }
      secrets[key] = text
      try fill(text, for: parameter, of: name, in: session)
    }
    for parameter in description.parameters {
      if parameter.isSecret {
        if secrets[parameter.key] == nil {
          secrets[parameter.key] = try secret(parameter, of: name, former: former, in: session)
        }
      } else if parameters[parameter.key] == nil {
        if let value = former?.parameters[parameter.key] ?? parameter.defaultValue {
          parameters[parameter.key] = value
        } else if parameter.isRequired {
          guard let answer = session.asking?.answer(to: "\(parameter.key) (\(parameter.summary)): "), !answer.isEmpty
          else {
            throw ShellError(
              "\(description.name) needs \(parameter.key)=: \(parameter.summary).",
              hint: "connect \(system) as \(name) \(parameter.key)=…", code: .wrong)
          }
          parameters[parameter.key] = parameter.isPath ? session.file(answer).path : answer
        }
      }
    }
    let connection = Connection(
      name: name, system: system, parameters: parameters, secrets: secrets, madeAt: former?.madeAt ?? session.now,
      changedAt: session.now)
    // Making the connector reads the parameters and the secrets: what is wrong with them is said now, not at night.
    _ = try session.connectors.connector(for: connection)
    try session.store.save(connection)
    return .message(
      "\(name) is connected to \(description.name)\((parameters["url"] ?? described(description, parameters)).map { " at \($0)" } ?? "").  next: check \(name)"
    )
  }

  /// The file that the connection leads to, where it leads to one.
  private static func described(_ description: SystemDescription, _ parameters: [String: String]) -> String? {
    description.parameters.first { $0.isPath }.flatMap { parameters[$0.key] }
  }

  /// Asks for a secret that the line names by a place in the vault where none lies yet, as on a new machine.
  private static func fill(
    _ text: String, for parameter: ConnectionParameter, of name: String, in session: Session
  ) throws {
    guard case .vault(let entry)? = SecretReference(text), let asking = session.asking,
      try !session.vault.names().contains(entry)
    else { return }
    let question = "\(parameter.key) of \(name) (\(parameter.summary), unseen, kept as \(text)): "
    guard let typed = asking.secret(for: question), !typed.isEmpty else {
      throw ShellError("No \(parameter.key) was given; nothing was saved.", code: .failed)
    }
    try session.vault.put(Secret(typed), as: entry)
  }

  /// Where a secret that the line does not name is kept: where it was kept before, else in the vault, asked for unseen.
  private static func secret(
    _ parameter: ConnectionParameter, of name: String, former: Connection?, in session: Session
  ) throws -> String {
    if let reference = former?.secrets[parameter.key] { return reference }
    guard let asking = session.asking else {
      throw ShellError(
        "\(name) needs \(parameter.key), and nobody is here to be asked for it.",
        hint: "say where it is: \(parameter.key)=env:NAME, file:PATH or vault:NAME", code: .wrong)
    }
    guard let typed = asking.secret(for: "\(parameter.key) (\(parameter.summary), unseen): "), !typed.isEmpty else {
      throw ShellError("No \(parameter.key) was given; nothing was saved.", code: .failed)
    }
    let entry = "\(name).\(parameter.key)"
    try session.vault.put(Secret(typed), as: entry)
    return "vault:\(entry)"
  }
}
