import BrambleBuild
import BrambleModel
import BrambleREAPI
import BrambleSandbox
import BrambleStore
import SwiftProtobuf

/// A derivation as an action of the Remote Execution API: the root of its sandbox as the input root,
/// its builder as the command.
///
/// The action's working directory is where the builder starts, and its outputs are named from there,
/// as REAPI has it: `../bramble/…`.
struct ActionPlan: Sendable {
    /// All that has to be in the CAS beside what objects consist of.
    let contents: [BlobContent]
    let action: Digest
    /// For each output the path that its result will have.
    let outputPaths: [String: OutputName]

    /// What builders are told of processors: engines do not say how many there are.
    private static let processors = 2

    init(
        _ job: BuildJob, trees: [StoreName: Tree], sources: Tree?, platform: [String: String]
    ) throws(StoreError) {
        let world = BuildWorld(
            resolved: job.resolved, outputs: job.outputs, closure: job.closure,
            diskPath: { _ in "" })
        guard let program = job.command.first else {
            throw StoreError(.unsupported, "it has no program")
        }
        let (root, directories) = try ActionPlan.root(job, world, trees, sources).encoded()
        let start = String(world.startDirectory.dropFirst())
        let up = String(repeating: "../", count: start.split(separator: "/").count)
        var paths: [String: OutputName] = [:]
        for output in job.outputs {
            paths[up + String(world.outputPath(output).dropFirst())] = output
        }
        outputPaths = paths

        var command = CommandMessage()
        command.arguments = [world.program(program)] + job.command.dropFirst()
        command.environmentVariables = world.environment(
            processors: job.variation.processors ?? ActionPlan.processors
        ).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { name, value in
            .with {
                $0.name = name
                $0.value = value
            }
        }
        command.workingDirectory = start
        command.outputPaths = paths.keys.sorted()
        // Engines of version 2.0 know only these; later ones pass them over.
        command.outputDirectories = command.outputPaths
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
        contents = directories + ActionPlan.files + [commandContent, actionContent]
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

    private static func relative(_ path: String) -> String { String(path.drop { $0 == "/" }) }

    /// The files that a sandbox of this machine has as well, of a user as engines run actions by.
    private static let fileNames = ["etc/passwd", "etc/group", "etc/hosts"]
    private static let files: [BlobContent] = [
        "\(SandboxCommand.userName):x:0:0::/homeless:/noshell\n",
        "\(SandboxCommand.userName):x:0:\n",
        "127.0.0.1 localhost \(SandboxCommand.hostName)\n::1 localhost\n",
    ].map { BlobContent(Array($0.utf8)) }
}
