import BrambleBuild
import BrambleModel
import BrambleREAPI
import BrambleSandbox
import BrambleStore
import SwiftProtobuf

/// A derivation as an action of the Remote Execution API.
///
/// Where an engine makes the input root the root of the file system, that is the root of the sandbox, and the
/// builder is the command. Its working directory is where the builder starts, and its outputs are named from
/// there, as REAPI has it: `../bramble/…`. For other engines see `ActionPlan+WorkingDirectory`.
struct ActionPlan: Sendable {
    /// All that has to be in the CAS beside what objects consist of.
    let contents: [BlobContent]
    let action: Digest
    /// For each output the path that its result will have.
    let outputPaths: [String: OutputName]
    /// The path of the file in which the sandbox helper says how the builder ended; nil without one.
    let reportPath: String?

    /// What the engine is told to run.
    struct Call {
        var arguments: [String]
        var environment: [String: String]
        /// Below the input root, without a leading `/`.
        var directory: String
        var outputPaths: [String: OutputName]
        var reportPath: String?
    }

    /// What builders are told of processors: engines do not say how many there are.
    static let processors = 2

    init(
        _ job: BuildJob, trees: [StoreName: Tree], sources: Tree?, platform: [String: String]
    ) throws(StoreError) {
        let world = BuildWorld(job)
        let root = try ActionPlan.root(job, world, trees, sources)
        let start = ActionPlan.relative(world.startDirectory)
        let up = String(repeating: "../", count: start.split(separator: "/").count)
        var paths: [String: OutputName] = [:]
        for output in job.outputs {
            paths[up + ActionPlan.relative(world.outputPath(output))] = output
        }
        let call = Call(
            arguments: [world.program(try ActionPlan.program(job))] + job.command.dropFirst(),
            environment: world.environment(
                processors: job.variation.processors ?? ActionPlan.processors),
            directory: start, outputPaths: paths)
        self.init(job, call, root, files: ActionPlan.files, platform: platform)
    }

    /// - Parameter files: Contents in the root that are in no store.
    init(
        _ job: BuildJob, _ call: Call, _ root: InputRoot, files: [BlobContent],
        platform: [String: String]
    ) {
        let (root, directories) = root.encoded()
        outputPaths = call.outputPaths
        reportPath = call.reportPath
        var command = CommandMessage()
        command.arguments = call.arguments
        command.environmentVariables = call.environment.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }.map { name, value in
            .with {
                $0.name = name
                $0.value = value
            }
        }
        command.workingDirectory = call.directory
        let reports = [call.reportPath].compactMap(\.self)
        command.outputPaths = (outputPaths.keys + reports).sorted()
        // Engines of version 2.0 know only these; later ones pass them over.
        command.outputDirectories = outputPaths.keys.sorted()
        command.outputFiles = reports
        command.platform = ActionPlan.platform(platform)
        let commandContent = BlobContent(message: command)

        var action = ActionMessage()
        action.commandDigest = DigestMessage(commandContent.digest)
        action.inputRootDigest = DigestMessage(root)
        action.doNotCache = job.isFresh
        action.platform = command.platform
        if let timeout = job.limits.timeout {
            action.timeout = .with { $0.seconds = timeout.components.seconds }
        }
        let actionContent = BlobContent(message: action)
        self.action = actionContent.digest
        contents = directories + files + [commandContent, actionContent]
    }

    static func program(_ job: BuildJob) throws(StoreError) -> String {
        guard let program = job.command.first else {
            throw StoreError(.unsupported, "it has no program")
        }
        return program
    }

    private static func platform(
        _ properties: [String: String]
    ) -> Build_Bazel_Remote_Execution_V2_Platform {
        var platform = Build_Bazel_Remote_Execution_V2_Platform()
        platform.properties = properties.sorted { $0.key < $1.key }.map { name, value in
            .with {
                $0.name = name
                $0.value = value
            }
        }
        return platform
    }

    // MARK: The root

    private static func root(
        _ job: BuildJob, _ world: BuildWorld, _ trees: [StoreName: Tree], _ sources: Tree?
    ) throws(StoreError) -> InputRoot {
        var root = InputRoot()
        for name in job.closure {
            guard let tree = trees[name] else { preconditionFailure("an object without a tree") }
            try root.add(.tree(tree.root), at: relative(StorePath(name).description))
        }
        try root.add(
            sources ?? .empty, with: job.resolved.base?.description,
            at: relative(BuildWorld.directory))
        for output in job.outputs {
            try root.add(.directory([:]), at: relative(world.outputPath(output)))
        }
        for link in job.resolved.links.entries {
            try root.add(.symlink(link.value), at: relative(link.name))
        }
        try root.add(.directory([:]), at: "tmp")
        for (file, content) in zip(fileNames, files) {
            try root.add(.file(content.digest, isExecutable: false), at: file)
        }
        return root
    }

    static func relative(_ path: String) -> String { String(path.drop { $0 == "/" }) }

    /// The files that a sandbox of this machine has as well, of a user as engines run actions by.
    private static let fileNames = ["etc/passwd", "etc/group", "etc/hosts"]
    private static let files: [BlobContent] = [
        "\(SandboxCommand.userName):x:0:0::/homeless:/noshell\n",
        "\(SandboxCommand.userName):x:0:\n",
        "127.0.0.1 localhost \(SandboxCommand.hostName)\n::1 localhost\n",
    ].map { BlobContent(Array($0.utf8)) }
}

extension BuildWorld {
    /// The world of a job that is run elsewhere: nothing of it is on this machine.
    init(_ job: BuildJob) {
        self.init(
            resolved: job.resolved, outputs: job.outputs, closure: job.closure,
            diskPath: { _ in "" })
    }
}
