// The fields of each kind of record. Lengths are this customer's: a client has to read them from the metadata.

extension AutotaskEntity {
  /// By the raw value of their kind.
  static let all = [companies, contacts, locations, configurationItems, products, resources, billingCodes]

  static let companyTypes = [
    AutotaskPick(value: 1, label: "Customer", isDefault: true), AutotaskPick(value: 2, label: "Lead"),
    AutotaskPick(value: 3, label: "Prospect"), AutotaskPick(value: 4, label: "Dead"),
    AutotaskPick(value: 6, label: "Cancelation"), AutotaskPick(value: 7, label: "Vendor"),
    AutotaskPick(value: 8, label: "Partner"), AutotaskPick(value: 9, label: "Former Reseller", isActive: false),
  ]

  static let itemTypes = [
    AutotaskPick(value: 1, label: "Workstation", isDefault: true), AutotaskPick(value: 2, label: "Server"),
    AutotaskPick(value: 3, label: "Laptop"), AutotaskPick(value: 4, label: "Printer"),
    AutotaskPick(value: 5, label: "Switch"), AutotaskPick(value: 6, label: "Firewall"),
    AutotaskPick(value: 7, label: "Access Point"), AutotaskPick(value: 8, label: "Fax Machine", isActive: false),
  ]

  private static let companies: AutotaskEntity = {
    var entity = AutotaskEntity(
      .companies,
      [
        .long("id").readOnly, .text("companyName", 100).required, .text("companyNumber", 50),
        .pick("companyType", companyTypes).required, .reference("ownerResourceID", to: .resources).required,
        .text("phone", 25).required, .text("alternatePhone1", 25), .text("alternatePhone2", 25), .text("fax", 25),
        .text("webAddress", 255), .text("address1", 128), .text("address2", 128), .text("city", 30),
        .text("state", 40), .text("postalCode", 10), .reference("countryID", toUnknown: "Country"),
        .text("additionalAddressInformation", 100), .reference("parentCompanyID", to: .companies),
        .pick("classification", [.init(value: 1, label: "Gold"), .init(value: 2, label: "Silver")]),
        .integer("territoryID"), .integer("marketSegmentID"), .text("taxID", 50), .flag("isActive"),
        .decimal("assetValue").unqueryable, .instant("createDate").readOnly, .instant("lastActivityDate").readOnly,
        .instant("lastTrackedModifiedDateTime").readOnly,
      ], userFields: [.init(name: "Account Tier")], created: "createDate", modified: "lastTrackedModifiedDateTime",
      activity: "lastActivityDate")
    (entity.canCreate, entity.canUpdate) = (true, true)
    return entity
  }()

  private static let contacts: AutotaskEntity = {
    var entity = AutotaskEntity(
      .contacts,
      [
        .long("id").readOnly, .reference("companyID", to: .companies).required,
        .reference("companyLocationID", to: .locations), .text("firstName", 50).required,
        .text("lastName", 50).required, .text("middleInitial", 50), .text("title", 50), .text("emailAddress", 254),
        .text("emailAddress2", 254), .text("emailAddress3", 254), .text("phone", 25), .text("extension", 10),
        .text("alternatePhone", 25), .text("mobilePhone", 25), .text("faxNumber", 25), .integer("isActive").required,
        .flag("primaryContact"), .text("externalID", 50), .text("addressLine", 128), .text("addressLine1", 128),
        .text("city", 30), .text("state", 40), .text("zipCode", 16), .reference("countryID", toUnknown: "Country"),
        .text("additionalAddressInformation", 100), .flag("receivesEmailNotifications"),
        .flag("isOptedOutFromBulkEmail").unqueryable, .flag("solicitationOptOut").unqueryable,
        .flag("surveyOptOut").unqueryable,
        .pick(
          "namePrefix", [.init(value: 1, label: "Mr."), .init(value: 2, label: "Ms."), .init(value: 3, label: "Dr.")]),
        .pick("nameSuffix", [.init(value: 1, label: "Jr."), .init(value: 2, label: "Sr.")]), .text("note", 5000),
        .text("roomNumber", 50), .text("facebookUrl", 200), .text("twitterUrl", 200), .text("linkedInUrl", 200),
        .instant("createDate").readOnly, .instant("lastActivityDate").readOnly, .instant("lastModifiedDate").readOnly,
        .integer("apiVendorID").readOnly, .integer("impersonatorCreatorResourceID").readOnly,
      ], userFields: [.init(name: "Directory Id"), .init(name: "Badge")], created: "createDate",
      modified: "lastModifiedDate", activity: "lastActivityDate")
    (entity.canCreate, entity.canUpdate, entity.canDelete, entity.isChild) = (true, true, true, true)
    return entity
  }()

  private static let locations: AutotaskEntity = {
    var entity = AutotaskEntity(
      .locations,
      [
        .long("id").readOnly, .reference("companyID", to: .companies).required, .text("name", 100).required,
        .text("address1", 128), .text("address2", 128), .text("city", 50), .text("state", 50),
        .text("postalCode", 20), .reference("countryID", toUnknown: "Country"), .text("phone", 30),
        .flag("isActive"), .flag("isPrimary"),
      ])
    entity.isChild = true
    return entity
  }()

  private static let configurationItems: AutotaskEntity = {
    var entity = AutotaskEntity(
      .configurationItems,
      [
        .long("id").readOnly, .reference("companyID", to: .companies).required,
        .reference("productID", to: .products).required, .flag("isActive").required, .text("referenceTitle", 200),
        .text("referenceNumber", 50), .text("serialNumber", 100), .pick("configurationItemType", itemTypes),
        .pick("configurationItemCategoryID", [.init(value: 1, label: "Standard", isDefault: true)]),
        .reference("contactID", to: .contacts), .reference("companyLocationID", to: .locations),
        .instant("installDate"), .instant("warrantyExpirationDate"), .text("location", 100), .text("notes", 5000),
        .reference("parentConfigurationItemID", to: .configurationItems),
        .integer("rmmDeviceAuditManufacturerID").readOnly, .integer("rmmDeviceAuditModelID").readOnly,
        .instant("createDate").readOnly, .instant("lastModifiedTime").readOnly,
      ], userFields: [.init(name: "Asset Owner"), .init(name: "Vault Code", isProtected: true)], created: "createDate",
      modified: "lastModifiedTime")
    (entity.canCreate, entity.canUpdate) = (true, true)
    return entity
  }()

  private static let products: AutotaskEntity = {
    var entity = AutotaskEntity(
      .products,
      [
        .long("id").readOnly, .text("name", 100).required, .text("description", 2000), .text("sku", 50),
        .text("manufacturerName", 100), .text("manufacturerProductName", 50), .flag("isActive").required,
        .flag("isSerialized").required, .reference("productBillingCodeID", to: .billingCodes).required,
        .decimal("unitCost"), .decimal("unitPrice"),
      ])
    (entity.canCreate, entity.canUpdate) = (true, true)
    return entity
  }()

  private static let resources = AutotaskEntity(
    .resources,
    [
      .long("id").readOnly, .text("userName", 32), .text("firstName", 50), .text("lastName", 50),
      .text("middleName", 50), .text("title", 50), .text("email", 254), .text("email2", 50), .text("email3", 50),
      .text("officePhone", 25), .text("officeExtension", 10), .text("mobilePhone", 25), .text("homePhone", 25),
      .instant("hireDate"), .integer("locationID"), .flag("isActive"),
      .pick("licenseType", [.init(value: 1, label: "Professional"), .init(value: 7, label: "API User (API-only)")]),
      .text("resourceType", 15), .integer("userType"),
    ])

  private static let billingCodes = AutotaskEntity(
    .billingCodes,
    [.long("id").readOnly, .text("name", 200).required, .text("description", 500), .flag("isActive")])
}
