// What is worked out only where somebody asks for it.

/// Something that is costly to work out and mostly not asked for: what a page says around the rows of a plan.
///
/// It is made from what it stands beside, so it adds nothing to tell two results apart by: any two are equal.
package struct Deferred<Content: Sendable>: Hashable, Sendable {
  private let make: @Sendable () -> Content

  package init(_ make: @escaping @Sendable () -> Content) { self.make = make }

  /// Worked out anew each time.
  package func callAsFunction() -> Content { make() }

  package static func == (_: Self, _: Self) -> Bool { true }
  package func hash(into _: inout Hasher) {}
}
