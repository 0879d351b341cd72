/// Members: from the wire to records; nothing is ever written to them.
import Foundation
import Model

extension ConnectWiseMapping {
  /// A member as a record; `nil` for an API member, which is no person.
  static func staff(_ member: ConnectWiseMember) -> Record? {
    guard member.licenseClass.value?.trimmedNFC.uppercased() != "A" else { return nil }
    let email = email(member)
    var fields: FieldValues = [:]
    fields["identifier"] = filledText(member.identifier)
    fields["first-name"] = filledText(member.firstName)
    fields["last-name"] = filledText(member.lastName)
    fields["email"] = email.map { .text($0) } ?? .null
    fields["location"] = name(member.defaultLocation)
    fields["team"] = name(member.defaultDepartment)
    fields["position"] = name(member.workRole)
    fields["hire-date"] = member.hireDate.value.flatMap(day).map { .text($0) } ?? .null
    let ids = [filledText(member.identifier).text, email].compactMap { $0 }
    fields["employee-ids"] = .list(ids)
    fields["member-type"] = name(member.type)
    fields["member-type-id"] = id(member.type)
    fields["location-id"] = id(member.defaultLocation)
    fields["team-id"] = id(member.defaultDepartment)
    fields["position-id"] = id(member.workRole)
    let photo = member.photo.value?.id
    fields["photo"] = photo.map { .text(String($0)) } ?? .null
    fields["photo-download"] = photo.map { .text(download(of: $0, member.photo.value?.info?.download)) } ?? .null
    fields["licence-class"] = filledText(member.licenseClass)
    if let name = member.info?.updatedBy { fields["updated-by"] = .text(name) }
    // A null flag counts as false.
    let state: RecordState = member.inactiveFlag == .value(true) ? .inactive : .active
    return Record(
      id: RecordID(String(member.id)), kind: .member, state: state, fields: fields,
      version: version(member.info, fields, state), modified: date(member.info?.lastUpdated),
      created: date(member.info?.dateEntered))
  }

  /// The primary address; without one, the one that `defaultEmail` selects; without that, the office's.
  private static func email(_ member: ConnectWiseMember) -> String? {
    let selected =
      switch member.defaultEmail.value?.lowercased() {
      case "mobile": member.mobileEmail
      case "home": member.homeEmail
      default: member.officeEmail
      }
    return [member.primaryEmail, selected, member.officeEmail].lazy.compactMap { filledText($0).text }.first
  }

  /// The place below the API's own address: host and code base of what the server says may change tomorrow.
  private static func download(of photo: Int, _ said: String?) -> String {
    let usual = "system/documents/\(photo)/download"
    guard let path = said.flatMap({ WebAddress($0)?.path }), let base = path.range(of: "apis/3.0/") else {
      return usual
    }
    return String(path[base.upperBound...])
  }
}
