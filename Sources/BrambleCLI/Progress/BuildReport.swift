import BrambleModel

/// What `--json` says of a build that went well.
struct BuildReport: Codable, Equatable {
    static let schema = "bramble/build-output/1"

    /// A result of a derivation.
    struct Output: Codable, Equatable {
        var output: OutputName
        /// Where builds and programs see it.
        var path: StorePath
        /// Where it is on this machine.
        var diskPath: String

        enum CodingKeys: String, CodingKey {
            case output, path
            case diskPath = "disk_path"
        }
    }

    /// A derivation, and what it turned out to be.
    struct Derivation: Codable, Equatable {
        var derivation: DerivationHash
        var name: DerivationName
        /// In the order of the derivation's own outputs.
        var outputs: [Output]
    }

    /// What was asked for.
    struct Target: Codable, Equatable {
        /// As targets are spelt; absent for the roots of a graph.
        var target: String?
        /// In the order in which the function returned them.
        var derivations: [Derivation]
    }

    private(set) var schema = BuildReport.schema
    /// In the order in which they were asked for.
    var targets: [Target]

    init(targets: [Target]) {
        self.targets = targets
    }
}
