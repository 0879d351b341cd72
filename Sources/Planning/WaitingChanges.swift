/// Changes in a file that waits to be uploaded: neither written twice nor taken for done.
package import Model

extension Waiting {
  /// Whether the file has what would be written.
  func holds(_ write: WriteKind, _ changes: [FieldChange]) -> Bool {
    switch (write, action) {
    // What has changed at the source since is carried over once the record is there.
    case (.create, .create), (.deactivate, .deactivate): true
    case (.update, .update), (.reactivate, .reactivate): changes.allSatisfy { values[$0.field] == $0.new }
    default: false
    }
  }

  func cause(label: String, system: SystemDescription) -> Cause {
    Cause(
      .waitingForUpload,
      evidence: [
        Evidence("file", "is", found: file),
        Evidence("written", "on", found: "\(minute(at)), \(run)"),
        Evidence("reading", "shows", wanted: "it", found: "not yet", at: system.name),
      ],
      fix: "upload \(file) at \(system.name); if it is lost: forget \(label.typed), and the next sync writes it again")
  }
}

extension Plan {
  /// Of changes that wait those that the readings of this plan show at the target.
  package func arrived(of waiting: [Waiting]) -> [Waiting] {
    waiting.filter { change in
      decisions.contains { decision in
        guard decision.kind == change.kind, decision.source == change.source else { return false }
        return switch decision.action {
        case .inStep, .link: true
        // Its record is there, whatever else is to be done to it.
        case .update, .reactivate, .deactivate: change.action == .create
        case .create, .delete, .unlink, .skip, .conflict: false
        }
      }
    }
  }
}
