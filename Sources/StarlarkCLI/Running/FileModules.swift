import SourceDiagnostics
import Starlark

/// The files that a program is made of: the one that was asked for, and what `load` statements name.
///
/// A file is evaluated once, with an evaluator of its own, however many others load it.
final class FileModules {
    /// What all files share.
    struct Options {
        var dialect: Dialect
        var limits: EvaluationLimits
        var environment: Environment
        var print: (String) -> Void
        /// Is told of each evaluator before it runs.
        var willRun: (Evaluator) -> Void
    }

    private enum State {
        case loading
        case loaded(Module)
    }

    private let options: Options
    private var states: [SourceReader.FileIdentity: State] = [:]
    /// The files whose evaluation has begun, outermost first.
    private var chain: [(name: String, identity: SourceReader.FileIdentity?)] = []

    init(options: Options) {
        self.options = options
    }

    /// Runs a program.
    ///
    /// - Parameter identity: Of the file, if the program is one, so that it is not loaded again.
    /// - Throws: `EvaluationError`.
    func run(
        _ program: Program, identity: SourceReader.FileIdentity?
    ) throws(EvaluationError) -> Module {
        chain.append((program.file.name, identity))
        defer { chain.removeLast() }
        if let identity { states[identity] = .loading }
        let evaluator = Evaluator(limits: options.limits)
        prepare(evaluator, folder: identity == nil ? "" : FileModules.folder(of: program.file.name))
        options.willRun(evaluator)
        do throws(EvaluationError) {
            let module = try evaluator.run(program, environment: options.environment)
            if let identity { states[identity] = .loaded(module) }
            return module
        } catch {
            if let identity { states[identity] = nil }
            throw error
        }
    }

    /// Gives an evaluator what programs reach outside.
    ///
    /// - Parameter folder: What comes before the names in `load` statements: empty, or up to a slash.
    func prepare(_ evaluator: Evaluator, folder: String) {
        evaluator.setPrintHandler(options.print)
        evaluator.setLoadHandler { [unowned self] name in try load(name, from: folder) }
    }

    func compile(_ file: SourceFile) throws(SyntaxErrors) -> Program {
        try Program.compile(
            file, dialect: options.dialect, predeclared: options.environment.names)
    }

    /// - Throws: `LoadFailure`, `FileFailure`, `SyntaxErrors` or `EvaluationError`.
    private func load(_ name: String, from folder: String) throws -> Module {
        guard !name.isEmpty, !name.utf8.contains(0) else { throw LoadFailure.noPath }
        let path = name.utf8.first == UInt8(ascii: "/") ? name : folder + name
        let contents = try SourceReader.read(path)
        switch states[contents.identity] {
        case .loaded(let module): return module
        case .loading: throw LoadFailure.cycle(cycle(to: contents.identity, path))
        case nil: break
        }
        let program = try compile(SourceFile(name: path, bytes: contents.bytes))
        return try run(program, identity: contents.identity)
    }

    /// The files from the one that is loaded again to where that happens.
    private func cycle(to identity: SourceReader.FileIdentity, _ path: String) -> [String] {
        let start = chain.firstIndex { $0.identity == identity } ?? chain.startIndex
        return chain[start...].map(\.name) + [path]
    }

    /// The part of a path up to its last slash; empty without one.
    private static func folder(of name: String) -> String {
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(name[...slash])
    }
}

/// Why a `load` statement does not get its module, if the reason lies in the statement.
enum LoadFailure: Error, CustomStringConvertible {
    case noPath
    /// The names of the files, each of which loads the next; the last one is the first again.
    case cycle([String])

    var description: String {
        switch self {
        case .noPath: "the name is no path"
        case .cycle(let names): "cycle of loads: " + names.joined(separator: " → ")
        }
    }

    var hint: String? {
        switch self {
        case .noPath: nil
        case .cycle: "move what both files need into a third"
        }
    }
}
