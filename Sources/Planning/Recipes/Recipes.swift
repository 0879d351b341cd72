/// The list of recipes: a new one is a file beside this and a line here.

package enum Recipes {
  package static let all: [Recipe] = [
    .m365Contacts, .teamworkDesk, .crewhuEmployees, .googleContacts, .itGluePSA,
  ]

  /// The recipe with a handle; `nil` when there is none.
  package static func named(_ handle: String) -> Recipe? { all.first { $0.handle == handle } }
}
