// swift-tools-version: 6.2
import PackageDescription

/// The arrows of the house point down and never back: `Planning` imports only `Model`, which proves that it is pure;
/// `Sandbox` imports nothing of ours, so that no misreading of a vendor's page can sit on both sides of the wire.
let package = Package(
  name: "kith",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "kith", targets: ["kith"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
  ],
  targets: [
    .target(name: "Model"),
    .target(name: "Planning", dependencies: ["Model"]),
    .target(
      name: "Storage",
      dependencies: [
        "Model",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Connectors",
      dependencies: [
        "Model",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .target(
      name: "Execution",
      dependencies: ["Model", "Planning", "Storage", "Connectors", .product(name: "Logging", package: "swift-log")]),
    .target(name: "CommandLanguage"),
    .target(name: "CLibEdit", linkerSettings: [.linkedLibrary("edit")]),
    .target(name: "LineEditing", dependencies: ["CLibEdit"]),
    .target(
      name: "Shell",
      dependencies: [
        "Model", "Planning", "Storage", "Connectors", "Execution", "CommandLanguage", "LineEditing",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "Sandbox",
      dependencies: [
        .product(name: "CryptoExtras", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "kith",
      dependencies: [
        "Model", "Storage", "LineEditing", "Shell", "Sandbox",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),

    // A terminal's screen, for the tests that look at one.
    .target(name: "TerminalScreen", path: "Tests/TerminalScreen"),
    .testTarget(name: "ModelTests", dependencies: ["Model"]),
    .testTarget(name: "PlanningTests", dependencies: ["Model", "Planning"]),
    .testTarget(
      name: "StorageTests",
      dependencies: ["Model", "Storage", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "ConnectorsTests",
      dependencies: [
        "Model", "Connectors", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    .testTarget(name: "ExecutionTests", dependencies: ["Model", "Planning", "Storage", "Connectors", "Execution"]),
    .testTarget(name: "CommandLanguageTests", dependencies: ["CommandLanguage"]),
    .testTarget(name: "LineEditingTests", dependencies: ["LineEditing", "TerminalScreen"]),
    .testTarget(
      name: "ShellTests", dependencies: ["Shell", "Execution", "CommandLanguage", "LineEditing", "Model", "Planning"]),
    .testTarget(
      name: "SandboxTests",
      dependencies: ["Sandbox", .product(name: "CryptoExtras", package: "swift-crypto")]),
    // What crosses rooms: connectors against the emulated vendors, sessions, worlds and terminals.
    .testTarget(name: "Conformance", dependencies: ["Model", "Connectors", "Sandbox"]),
    .testTarget(
      name: "Transcripts",
      dependencies: [
        "Model", "Storage", "Connectors", "Execution", "CommandLanguage", "LineEditing", "Shell", "Sandbox",
        .product(name: "Logging", package: "swift-log"),
      ], exclude: ["Sessions"]),
    .testTarget(
      name: "Simulation",
      dependencies: ["Model", "Planning", "Storage", "Connectors", "Execution", "Sandbox"]),
    .testTarget(name: "Terminal", dependencies: ["kith", "Model", "Storage", "TerminalScreen"]),
  ]
)

for target in package.targets where target.name != "CLibEdit" {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .treatAllWarnings(as: .error),
    ]
}
