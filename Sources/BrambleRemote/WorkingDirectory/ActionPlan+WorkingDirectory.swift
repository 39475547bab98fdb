import BrambleBuild
import BrambleModel
import BrambleSandbox
import BrambleStore

extension ActionPlan {
    /// A derivation as an action for engines that run actions in a working directory of the worker: the command
    /// is the sandbox helper, which makes the builder's root out of what stands beside it (`ActionHelper`).
    ///
    ///     bramble            the helper, if it travels
    ///     order.json         what it is told
    ///     store/NAME         the objects of the closure
    ///     build              the sources
    ///     remainders/NAME    what engines leave out of these
    ///     outputs/NAME       is there afterwards, and so is
    ///     report.json        how the builder ended
    init(
        _ job: BuildJob, trees: [StoreName: Tree], sources: Tree?, helper: HelperExecutable,
        remainders: RemainderMemory, platform: [String: String]
    ) throws(StoreError) {
        let world = BuildWorld(job)
        let order = try ActionPlan.order(job, world)
        var root = InputRoot()
        var files = [order]
        func add(_ remainder: BlobContent?, _ name: String) throws(StoreError) {
            guard let remainder else { return }
            try root.add(
                .file(remainder.digest, isExecutable: false), at: HelperOrder.remainder(name))
            files.append(remainder)
        }
        for name in job.closure {
            guard let tree = trees[name] else { preconditionFailure("an object without a tree") }
            try root.add(.tree(tree.root), at: HelperOrder.object(name))
            try add(remainders.content(of: tree), "\(name)")
        }
        let sources = sources ?? .empty
        try root.add(sources, with: job.resolved.base?.description, at: HelperOrder.sources)
        try add(remainders.content(of: sources), HelperOrder.sources)
        try root.add(.file(order.digest, isExecutable: false), at: HelperOrder.path)
        if let content = helper.content {
            try root.add(.file(content.digest, isExecutable: true), at: HelperOrder.programPath)
        }
        var paths: [String: OutputName] = [:]
        for output in job.outputs { paths[HelperOrder.output("\(output)")] = output }
        let call = Call(
            arguments: [helper.command, ActionHelper.argument], environment: [:], directory: "",
            outputPaths: paths, reportPath: HelperReport.path)
        self.init(job, call, root, files: files, platform: platform)
    }

    private static func order(
        _ job: BuildJob, _ world: BuildWorld
    ) throws(StoreError) -> BlobContent {
        let order = HelperOrder(
            program: world.program(try program(job)), arguments: Array(job.command.dropFirst()),
            environment: world.environment(
                processors: job.variation.processors ?? processors),
            directory: world.startDirectory, objects: job.closure,
            outputs: job.outputs.map {
                HelperOrder.Output(name: "\($0)", path: world.outputPath($0))
            },
            links: job.resolved.links.entries.map {
                HelperOrder.Link(path: $0.name, target: $0.value)
            })
        guard let bytes = try? CanonicalJSON.encode(order) else {
            preconditionFailure("an order that cannot be written")
        }
        return BlobContent(bytes)
    }
}
