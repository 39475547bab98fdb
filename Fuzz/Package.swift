// swift-tools-version: 6.2
import PackageDescription

// libFuzzer targets; `Fuzz/run` builds and runs them.
let settings: [SwiftSetting] = [.unsafeFlags(["-parse-as-library"])]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "bramble", path: "..")],
    targets: [
        .executableTarget(
            name: "FuzzParse", dependencies: [.product(name: "Starlark", package: "bramble")],
            swiftSettings: settings),
        .executableTarget(
            name: "FuzzRun", dependencies: [.product(name: "Starlark", package: "bramble")],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
