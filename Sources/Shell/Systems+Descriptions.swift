/// Every system as it describes itself, for lists and completion.
import Connectors
import Model

extension Systems {
  static var descriptions: [SystemDescription] { all.map { $0.description } }
}
