// What stands before the line: parts with a style each, rendered for the editor or as plain text.

/// A prompt of styled parts; a space is put behind the last one.
package struct Prompt: Sendable, Equatable {
  /// How a part is shown where there is colour.
  package enum Style: Sendable, Equatable, CaseIterable {
    case plain, name, context, mark, warning

    /// The numbers of the escape sequence that sets the style, after a reset.
    var codes: String {
      switch self {
      case .plain: "0"
      case .name: "0;1"
      case .context: "0;36"
      case .mark: "0;2"
      case .warning: "0;33"
      }
    }
  }

  /// A run of text in one style.
  package struct Part: Sendable, Equatable {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  package var parts: [Part]

  package init(_ parts: [Part]) {
    self.parts = parts
  }

  /// `kith›`, or `kith acme›` with a context.
  package static func shell(context: String?) -> Prompt {
    let name = Part("kith", .name)
    guard let context, !context.isEmpty else { return Prompt([name, Part("›", .mark)]) }
    return Prompt([name, Part(" "), Part(context, .context), Part("›", .mark)])
  }
}
