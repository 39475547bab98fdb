// swift-tools-version: 6.2
import PackageDescription

/// The settings of every target; STYLE: imports are internal unless the API shows the type.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The runtime's functions that `CBrambleConformances` stands in front of.
let conformsToProtocol = [
    "swift_conformsToProtocol", "swift_conformsToProtocolCommon",
    "swift_conformsToProtocolWithExecutionContext",
]

let package = Package(
    name: "bramble",
    products: [
        .library(name: "Starlark", targets: ["Starlark", "SourceDiagnostics"]),
        .executable(name: "starlark", targets: ["StarlarkCLI"]),
        .library(name: "Bramble", targets: ["Bramble", "SourceDiagnostics", "BrambleModel"]),
        .executable(name: "bramble", targets: ["BrambleCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", from: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", from: "2.4.1"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", from: "2.9.2"),
    ],
    targets: [
        .target(name: "SourceDiagnostics", swiftSettings: settings),
        .target(name: "Starlark", dependencies: ["SourceDiagnostics"], swiftSettings: settings),
        .target(
            name: "StarlarkConsole", dependencies: ["SourceDiagnostics", "Starlark"],
            swiftSettings: settings),
        .executableTarget(
            name: "StarlarkCLI",
            dependencies: [
                "SourceDiagnostics", "Starlark", "StarlarkConsole",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .target(name: "CBrambleHash"),
        .target(
            name: "BrambleModel",
            dependencies: ["CBrambleHash", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        .systemLibrary(
            name: "CLibSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "CBrambleChannels"),
        .target(
            name: "CBrambleSandbox", dependencies: ["CLibSeccomp"],
            cSettings: [.define("_GNU_SOURCE")],
            linkerSettings: [.linkedLibrary("seccomp")]),
        .target(
            name: "BrambleSandbox", dependencies: ["CBrambleChannels", "CBrambleSandbox"],
            swiftSettings: settings),
        .systemLibrary(name: "CLibArchive"),
        .target(
            name: "BrambleBuild",
            dependencies: [
                "BrambleModel", "BrambleStore", "BrambleSandbox", "CLibArchive",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .target(
            name: "BrambleProject", dependencies: ["SourceDiagnostics", "BrambleModel"],
            swiftSettings: settings),
        .target(
            name: "BrambleLang", dependencies: ["SourceDiagnostics", "Starlark", "BrambleModel"],
            swiftSettings: settings),
        .systemLibrary(name: "CSQLite"),
        .target(
            name: "BrambleStore", dependencies: ["BrambleModel", "CSQLite"],
            swiftSettings: settings),
        .target(
            name: "Bramble",
            dependencies: [
                "SourceDiagnostics", "Starlark", "BrambleModel", "BrambleLang", "BrambleProject",
                "BrambleStore", "BrambleSandbox", "BrambleBuild",
            ],
            swiftSettings: settings),
        // Generated code, which is not held to the settings of ours.
        .target(
            name: "BrambleREAPI",
            dependencies: [
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]),
        .systemLibrary(name: "CLibZstd"),
        .target(
            name: "BrambleRemote",
            dependencies: [
                "BrambleModel", "BrambleStore", "BrambleSandbox", "BrambleBuild", "BrambleREAPI",
                "CLibZstd",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
                .product(name: "GRPCProtobuf", package: "grpc-swift-protobuf"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: settings),
        .target(name: "CBrambleConformances"),
        .executableTarget(
            name: "BrambleCLI",
            dependencies: [
                "CBrambleConformances", "SourceDiagnostics", "StarlarkConsole", "BrambleModel",
                "Bramble", "BrambleRemote",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings,
            linkerSettings: [
                .unsafeFlags(conformsToProtocol.flatMap { ["-Xlinker", "--wrap=\($0)"] })
            ]),
        .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["BrambleModel", "BrambleStore"],
            path: "Tests/TestSupport", swiftSettings: settings),
        .executableTarget(
            name: "StoreWorker", dependencies: ["BrambleModel", "BrambleStore", "TestSupport"],
            path: "Tests/StoreWorker", swiftSettings: settings),
        .testTarget(
            name: "SourceDiagnosticsTests", dependencies: ["SourceDiagnostics", "TestKit"],
            exclude: ["Golden"],
            swiftSettings: settings),
        .target(
            name: "StarlarkConformance",
            dependencies: ["Starlark", "SourceDiagnostics", "TestKit"],
            path: "Tests/StarlarkConformance", swiftSettings: settings),
        .executableTarget(
            name: "PeerSuites", dependencies: ["StarlarkConformance", "TestKit"],
            path: "Tests/PeerSuites", exclude: ["skipped.txt"], swiftSettings: settings),
        .testTarget(
            name: "StarlarkTests",
            dependencies: ["Starlark", "SourceDiagnostics", "StarlarkConformance", "TestKit"],
            exclude: ["Conformance", "Syntax/Golden"], swiftSettings: settings),
        .testTarget(
            name: "StarlarkConsoleTests", dependencies: ["StarlarkConsole", "TestKit"],
            swiftSettings: settings),
        .testTarget(
            name: "StarlarkCLITests",
            dependencies: ["StarlarkCLI", "Starlark", "SourceDiagnostics", "TestKit"],
            exclude: ["Scenarios"], swiftSettings: settings),
        .testTarget(
            name: "ConformanceIndexTests", dependencies: ["CBrambleConformances"],
            swiftSettings: settings),
        .testTarget(
            name: "BrambleModelTests", dependencies: ["BrambleModel", "TestKit"],
            exclude: ["Golden", "recompute_hashes.py"], swiftSettings: settings),
        .executableTarget(
            name: "SandboxHost", dependencies: ["BrambleSandbox"], path: "Tests/SandboxHost",
            swiftSettings: settings),
        .testTarget(
            name: "BrambleSandboxTests",
            dependencies: ["BrambleSandbox", "SandboxHost", "TestKit"],
            exclude: ["Golden", "Probes"], swiftSettings: settings),
        .testTarget(
            name: "BrambleLangTests",
            dependencies: [
                "BrambleLang", "BrambleModel", "Starlark", "SourceDiagnostics", "TestKit",
            ],
            exclude: ["Golden", "Language"], swiftSettings: settings),
        .testTarget(
            name: "BrambleProjectTests",
            dependencies: ["BrambleProject", "SourceDiagnostics", "BrambleModel", "TestKit"],
            exclude: ["TOML/tomllib_values.py"], swiftSettings: settings),
        .testTarget(
            name: "BrambleStoreTests",
            dependencies: [
                "BrambleStore", "BrambleModel", "StoreWorker", "TestKit", "TestSupport",
            ],
            exclude: ["reapi_digest.py"], swiftSettings: settings),
        .executableTarget(
            name: "BuildWorker",
            dependencies: ["BrambleModel", "BrambleStore", "BrambleSandbox", "BrambleBuild"],
            path: "Tests/BuildWorker", swiftSettings: settings),
        .testTarget(
            name: "BrambleBuildTests",
            dependencies: [
                "BrambleBuild", "BrambleModel", "BrambleStore", "BrambleSandbox", "BuildWorker",
                "TestKit", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: [
                "Build/Golden", "Fetch/Golden", "Fetch/make_archives.py", "Sandbox/Golden",
            ], swiftSettings: settings),
        .testTarget(
            name: "BrambleRemoteTests",
            dependencies: [
                "BrambleRemote", "BrambleREAPI", "BrambleBuild", "BrambleModel", "BrambleStore",
                "BrambleSandbox", "SandboxHost", "TestKit", "TestSupport",
                .product(name: "GRPCCore", package: "grpc-swift-2"),
                .product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ], swiftSettings: settings),
        .testTarget(
            name: "BrambleTests",
            dependencies: ["Bramble", "BrambleModel", "BrambleProject", "TestKit"],
            swiftSettings: settings),
        .testTarget(
            name: "BrambleCLITests",
            dependencies: ["BrambleCLI", "Bramble", "BrambleModel", "StarlarkConsole", "TestKit"],
            exclude: ["Scenarios", "Progress/Golden"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
