import BrambleLang
import BrambleModel
import SourceDiagnostics

/// Modules and files from dictionaries.
struct TestModules: ModuleProvider {
    /// By what they are called in messages: `./lib/foo`, `example.org/x/y`.
    var modules: [String: String]
    /// The files of the project.
    var files: [String] = []
    /// The names of packages, which stand at the start of modules' names.
    var packages = ["example.org/x"]

    func resolve(_ text: String, from module: ModuleName) throws -> ModuleName {
        if text == "." { return ModuleName(package: module.package) }
        if text.hasPrefix("./") {
            let path = try RelativePath(String(text.dropFirst(2)))
            return ModuleName(package: module.package, path: path)
        }
        for package in packages where text == package || text.hasPrefix(package + "/") {
            let rest = String(text.dropFirst(package.count + 1))
            return ModuleName(
                package: try PackageName(package),
                path: rest.isEmpty ? nil : try RelativePath(rest))
        }
        throw ModuleProblem(
            "no dependency provides `\(text)`",
            hint: "write `./\(text)` for a module of the project")
    }

    func source(of module: ModuleName) throws -> SourceFile {
        guard let text = modules[module.description] else {
            throw ModuleProblem("there is no module `\(module)`", hint: "make a file for it")
        }
        let path =
            module.description.hasPrefix("./")
            ? String(module.description.dropFirst(2)) : module.description
        return SourceFile(name: "\(path).bramble", text: text)
    }

    func files(_ query: FileQuery) throws -> SourceSet {
        for pattern in query.include + query.exclude
        where pattern.hasPrefix("/") || pattern.contains("..") {
            throw ModuleProblem(
                "the pattern `\(pattern)` leads out of the project",
                hint: "files of other projects come with dependencies")
        }
        let directory = query.module.path.map { $0.description.split(separator: "/").dropLast() }
        let base = directory.flatMap { $0.isEmpty ? nil : $0.joined(separator: "/") }
        let prefix = base.map { $0 + "/" } ?? ""
        let found = files.filter { path in
            guard path.hasPrefix(prefix) else { return false }
            let rest = path.dropFirst(prefix.count)
            return query.include.contains { TestModules.matches(rest, $0) }
                && !query.exclude.contains { TestModules.matches(rest, $0) }
        }
        return SourceSet(
            package: query.module.package, base: try base.map { try RelativePath($0) },
            paths: try found.map { try RelativePath($0) })
    }

    /// `*` stands for all but slashes.
    private static func matches(_ text: Substring, _ pattern: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return text == pattern }
        let (head, tail) = (pattern[..<star], pattern[pattern.index(after: star)...])
        guard text.hasPrefix(head), text.hasSuffix(tail),
            text.count >= head.count + tail.count
        else { return false }
        return !text.dropFirst(head.count).dropLast(tail.count).contains("/")
    }
}

extension ModuleName {
    /// The module of the project with a path.
    static func local(_ path: String) throws -> ModuleName {
        ModuleName(path: try RelativePath(path))
    }
}

extension EvaluationOptions {
    static func test(threads: Int = 1, target: String? = nil) throws -> EvaluationOptions {
        var options = EvaluationOptions(
            platform: try Platform("linux-x86_64"), target: try target.map { try Platform($0) })
        options.threads = threads
        return options
    }
}
