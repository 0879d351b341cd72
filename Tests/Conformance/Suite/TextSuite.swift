/// Texts of any kind, in both directions, byte for byte.
import Connectors
import Foundation
import Model
import Sandbox
import Testing

@Suite(.serialized) struct TextSuite {
  /// None is longer than the shortest field.
  static let hostile = [
    "Zoë", "Ćwikła", "王小明", "👩‍👩‍👧", "=cmd|' /C calc'!A0", "\u{1b}[31mred\u{1b}[0m", "Robert'); DROP TABLE x;--",
    "\"quoted\"", "${name} {{n}} %s", "%00 %41", "a\\b\\", "e\u{301}", "<script>&amp;</script>", "{\"a\":1}",
    "\u{202e}rtl\u{200f}", "😀𝒜", "tab\tinside", "-", "0", "null", "\u{feff}bom", "ﬁ ½ ｆ",
  ]

  @Test("G23 texts of any kind arrive as the vendor holds them", arguments: Subject.all)
  func arriving(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      let fields = subject.texts.filter { subject.outside.words[$0] != nil }.sorted()
      for (number, text) in Self.hostile.enumerated() {
        let id = try ground.add(1000 + number, Dictionary(uniqueKeysWithValues: fields.map { ($0, text) }))
        let record = try #require(try await connector.read([id], of: subject.kind, in: ground.scope).first)
        let held = try ground.texts(of: id)
        for field in fields {
          let read = Array((record.fields.text(field) ?? "").utf8)
          #expect(held.contains { Array($0.utf8) == read }, "\(field): \(text.debugDescription)")
          #expect(read == Array(subject.kept(text, as: field).utf8), "\(field): \(text.debugDescription)")
        }
        try ground.delete(id)
      }
    }
  }

  @Test("G23 texts of any kind are written as they are", arguments: Subject.writers)
  func leaving(_ subject: Subject) async throws {
    try await Stage.with { stage in
      let ground = try Ground(subject, stage)
      let connector = try stage.connector(subject)
      var current = try await connector.write(
        [.making(subject.kind, subject.values, in: ground.parent)], in: ground.scope
      ).record()
      let fields = subject.texts.filter { subject.others[$0] != nil }.sorted()
      for text in Self.hostile + ["line\nand\rline"] {
        let values = FieldValues(Dictionary(uniqueKeysWithValues: fields.map { ($0, FieldValue.text(text)) }))
        current = try await connector.write([.changing(current, values)], in: ground.scope).record()
        let held = try ground.texts(of: current.id)
        for field in fields {
          let kept = Array(subject.kept(text, as: field).utf8)
          #expect(Array((current.fields.text(field) ?? "").utf8) == kept, "\(field): \(text.debugDescription)")
          #expect(held.contains { Array($0.utf8) == kept }, "\(field): \(text.debugDescription)")
        }
      }
    }
  }
}
