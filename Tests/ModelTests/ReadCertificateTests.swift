/// What a reading proves.
import Foundation
import Model
import Testing

@Suite struct ReadCertificateTests {
  static func certificate(
    _ completeness: ReadCompleteness = .complete, asked: Int = 3, received: Int = 3, sawEnd: Bool = true,
    total: Int? = nil, count: Int = 200, earlier: [Int] = [], completeAt: Date? = .distantPast
  ) -> ReadCertificate {
    ReadCertificate(
      completeness: completeness, startedAt: .distantPast, finishedAt: .distantPast, pagesAsked: asked,
      pagesReceived: received, sawEnd: sawEnd, declaredTotal: total, recordCount: count, snapshotCount: count,
      completeAt: completeAt, earlierCounts: earlier, requests: asked)
  }

  @Test(
    "G03 absence needs a complete reading, its end, its total, and no sudden shrinking",
    arguments: [
      (certificate(), true, true),
      (certificate(sawEnd: false), false, false),
      (certificate(received: 2), false, false),
      (certificate(total: 200), true, true),
      (certificate(total: 201), false, false),
      (certificate(.partial(why: "page 2 answered 500")), false, false),
      (certificate(.delta), true, false),
      (certificate(.delta, completeAt: nil), false, false),
      (certificate(count: 100, earlier: [200, 200, 200, 200, 200]), true, true),
      (certificate(count: 99, earlier: [200, 200, 200, 200, 200]), true, false),
      (certificate(count: 0, earlier: [1]), true, false),
      (certificate(count: 0), true, true),
    ])
  func proof(certificate: ReadCertificate, isUsable: Bool, provesAbsence: Bool) {
    #expect(certificate.isUsable == isUsable)
    #expect(certificate.provesAbsence == provesAbsence)
  }
}
