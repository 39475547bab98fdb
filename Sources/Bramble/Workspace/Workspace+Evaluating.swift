import BrambleLang
import BrambleModel
import BrambleProject

extension Workspace {
    /// Evaluates targets to derivations. No source file is read, and no store is touched.
    ///
    /// If all that an earlier evaluation of the same targets looked at is as it was, its result is
    /// given, without reading a file. What comes out is the same, to the byte.
    ///
    /// - Parameters:
    ///   - targets: As on the command line: `./lib:greet`, `./...`.
    ///   - cancellation: Ends it.
    /// - Throws: Mistakes in targets (`usage`), in files of the project (`configuration`), a limit
    ///   reached (`limit`), patterns that match no module (`nothingMatched`).
    public func evaluate(
        _ targets: [String], cancellation: Cancellation = Cancellation()
    ) throws(BrambleError) -> Evaluation {
        let request = EvaluationCache.Request(
            root: location.root, current: location.current, targets: targets,
            platform: options.platform, target: options.target ?? options.platform)
        let cache = options.cacheFolder.map { EvaluationCache(folder: $0) }
        let known = cache?.look(up: request) { () throws(BrambleError) in
            let project = try OpenProject(self.location)
            return try self.evaluate(targets, in: project, cancellation).graphJSON()
        }
        if let known { return known }
        let project = try OpenProject(location)
        let evaluation = try evaluate(targets, in: project, cancellation)
        guard project.recorder.isComplete else { return evaluation }
        cache?.keep(project.recorder.inputs, evaluation, for: request)
        return evaluation
    }

    private func evaluate(
        _ targets: [String], in project: OpenProject, _ cancellation: Cancellation
    ) throws(BrambleError) -> Evaluation {
        let requests = try BrambleError.catching { () throws(ProjectError) in
            try project.targets.requests(targets)
        }
        let messages = MessageList()
        let evaluator = evaluator(of: project) { messages.append($0) }
        let output = try BrambleError.evaluating {
            try evaluator.evaluate(
                requests.map { request in
                    EvaluationRequest(
                        request.module, request.function.map { .named([$0]) } ?? .all)
                }, cancellation: cancellation.evaluation)
        }
        return Evaluation(
            output, messages: messages.lines, packages: project.packages.dependencies)
    }

    func evaluator(
        of project: OpenProject, print: @escaping @Sendable (String) -> Void = { _ in }
    ) -> ModuleEvaluator {
        ModuleEvaluator(provider: project.modules, options: evaluationOptions, print: print)
    }

    var evaluationOptions: EvaluationOptions {
        var result = EvaluationOptions(platform: options.platform, target: options.target)
        result.threads = options.jobs ?? HostProcessors.count
        return result
    }
}

extension Evaluation {
    fileprivate init(
        _ output: EvaluationOutput, messages: [String],
        packages: [PackageName: PackageSet.Package]
    ) {
        var functions: [Function] = []
        var known: Set<String> = []
        for module in output.modules {
            for function in module.functions {
                let target = module.module + ":" + function.name
                guard known.insert(target).inserted else { continue }
                functions.append(
                    Function(
                        target: target,
                        derivations: function.derivations.map { hash in
                            guard let derivation = output.graph[hash] else {
                                preconditionFailure("an output names derivations that it lacks")
                            }
                            return Root(name: derivation.name, hash: hash)
                        }, runs: function.runs, tests: function.tests))
            }
        }
        self.init(
            functions: functions, messages: messages,
            packages: packages.map { Package(name: $0, folder: $1.root) }
                .sorted { $0.name < $1.name },
            graphText: GraphText(output.graph))
    }
}
