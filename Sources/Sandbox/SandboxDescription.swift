// What a client needs in order to use a running sandbox.

/// Where a sandbox listens, how to sign in, and the command lines that connect to it.
package struct SandboxDescription: Codable, Sendable, Equatable {
  /// One emulated system.
  package struct System: Codable, Sendable, Equatable {
    /// The address that stands for all of the vendor's hosts.
    package var url: String
    /// By the name of the setting; the sandbox's secrets are no secrets.
    package var credentials: [String: String]
    /// Only where the system is divided into tenants.
    package var tenants: [Tenant]?
  }

  /// One customer's tenant, and the company it belongs to on the other side.
  package struct Tenant: Codable, Sendable, Equatable {
    package var id: String
    package var domain: String
    package var name: String
    /// The identifier of the company at ConnectWise.
    package var company: String
    /// The id of the company at ConnectWise.
    package var companyID: Int
  }

  package var port: Int
  package var seed: UInt64
  /// The address of the control interface.
  package var control: String
  package var systems: [String: System]
  /// Ready command lines; secrets stand in them by reference to ``environment``.
  package var connect: [String]
  /// The variables that the command lines refer to.
  package var environment: [String: String]
}
