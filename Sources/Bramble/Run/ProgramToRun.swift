import BrambleModel
import BrambleProject
import BrambleStore

/// A program of a target: what to build for it, and then where it is.
struct ProgramToRun {
    /// The derivation whose program it is.
    let derivation: Evaluation.Root
    /// nil for the one program of the derivation.
    let run: ModuleOutput.Run?

    /// - Throws: `usage` if a target stands for no program, or for several.
    init(_ evaluation: Evaluation, target: String) throws(BrambleError) {
        let runs = evaluation.functions.flatMap(\.runs)
        let derivations = evaluation.functions.flatMap(\.derivations)
        if let run = runs.first, runs.count == 1 {
            self.run = run
            if let known = derivations.first(where: { $0.hash == run.derivation }) {
                derivation = known
            } else {
                derivation = try ProgramToRun.root(run.derivation, evaluation)
            }
            return
        }
        guard runs.isEmpty, let only = derivations.first, derivations.count == 1 else {
            let what =
                runs.count > 1
                ? "\(runs.count) programs"
                : derivations.isEmpty ? "nothing to run" : "\(derivations.count) derivations"
            throw BrambleError(
                .usage, "the target `\(target)` stands for \(what)",
                hint: "name a function that returns one derivation, or one `run()`")
        }
        run = nil
        derivation = only
    }

    private static func root(
        _ hash: DerivationHash, _ evaluation: Evaluation
    ) throws(BrambleError) -> Evaluation.Root {
        guard let derivation = try evaluation.graph()[hash] else {
            preconditionFailure("a run of a derivation that the graph lacks")
        }
        return Evaluation.Root(name: derivation.name, hash: hash)
    }

    /// What has to be built.
    var wanted: [DerivationHash] {
        [derivation.hash] + (run?.references.map(\.derivation) ?? [])
    }

    /// The program and its arguments, by their paths in a sandbox.
    ///
    /// - Throws: `nothingMatched` if the output has no such program.
    func command(_ build: WorkspaceBuild, _ store: Store) throws(BrambleError) -> [String] {
        guard let built = build.wanted.first(where: { $0.derivation == derivation.hash }),
            let output = built.outputs.first
        else { preconditionFailure("a program that was not built") }
        let files = try Programs(output.name, store)
        guard let run else { return [output.path.description + "/" + (try files.only(derivation))] }
        let cmd = ProgramToRun.replace(run.cmd, build)
        let arguments = run.args.map { ProgramToRun.replace($0, build) }
        if cmd.hasPrefix("/") { return [cmd] + arguments }
        guard files.has(cmd) else {
            throw BrambleError(
                .nothingMatched, "`\(derivation.name)` has no program `\(cmd)`", hint: files.hint)
        }
        return ["\(output.path)/\(cmd)"] + arguments
    }

    private static func replace(_ text: String, _ build: WorkspaceBuild) -> String {
        let replaced = try? Reference.replace(in: text) { (reference) throws(Fault) in
            guard let path = build.path(of: reference) else {
                preconditionFailure("a run refers to what was not built")
            }
            return path.description
        }
        guard let replaced else { preconditionFailure("a run whose text was not checked") }
        return replaced
    }
}

/// The programs of an object: its executable files.
private struct Programs {
    let paths: [String]

    init(_ name: StoreName, _ store: Store) throws(BrambleError) {
        let tree = try BrambleError.storing { () throws(StoreError) in
            try store.local.readTree(of: name)
        }
        var paths: [String] = []
        tree.forEachDirectory { path, directory in
            let prefix = path.isEmpty ? "" : path + "/"
            paths += directory.files.filter(\.isExecutable).map { prefix + $0.name }
            // What a link leads to, the kernel says.
            paths += directory.symlinks.map { prefix + $0.name }
        }
        self.paths = paths
    }

    func has(_ path: String) -> Bool { paths.contains(path) }

    /// `bin/NAME` for a derivation of that name, or the only program that there is.
    func only(_ derivation: Evaluation.Root) throws(BrambleError) -> String {
        let usual = "bin/\(derivation.name)"
        if has(usual) { return usual }
        let inBin = paths.filter { $0.hasPrefix("bin/") }
        if let path = inBin.first, inBin.count == 1 { return path }
        if let path = paths.first, paths.count == 1 { return path }
        throw BrambleError(
            .nothingMatched,
            "`\(derivation.name)` has no program `\(usual)`", hint: hint)
    }

    var hint: String {
        guard !paths.isEmpty else { return "it has no executable files at all" }
        let shown = paths.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        return "return `run(…, \"PROGRAM\")` from the function; it has \(shown)"
            + (paths.count > 8 ? " and \(paths.count - 8) more" : "")
    }
}
