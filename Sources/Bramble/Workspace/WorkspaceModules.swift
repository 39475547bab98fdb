import BrambleLang
import BrambleModel
import BrambleProject
import SourceDiagnostics
import Synchronization

/// The modules of a project and of what it depends on, for the language.
final class WorkspaceModules: ModuleProvider {
    private let packages: PackageSet
    private let recorder: InputRecorder
    /// The files of modules that were looked for.
    private let files = Mutex<[ModuleName: Result<ModuleFile.Location, ProjectError>]>([:])

    /// What calls of `files` have found. The same patterns are often asked for again, by many targets; what is there
    /// must not change within an evaluation.
    private let found = Mutex<[FoundKey: SourceSet]>([:])

    private struct FoundKey: Hashable {
        let package: PackageName?
        let query: GlobQuery
    }

    private let remembersSearches: Bool

    /// - Parameter remembersSearches: Whether files are looked for once only: not in a session, in which a person
    ///   makes files meanwhile.
    init(packages: PackageSet, recorder: InputRecorder, remembersSearches: Bool = true) {
        self.packages = packages
        self.remembersSearches = remembersSearches
        self.recorder = recorder
    }

    func resolve(_ text: String, from module: ModuleName) throws -> ModuleName {
        try problem { () throws(ProjectError) in
            let name = try LoadName(text)
            let folder = try folder(of: module)
            let path = try packages[module.package].resolution.resolve(name, from: folder)
            return packages.moduleName(path)
        }
    }

    func source(of module: ModuleName) throws -> SourceFile {
        try problem { () throws(ProjectError) in
            let package = packages[module.package]
            let path = package.root + "/" + (try location(of: module)).path.description
            return SourceFile(name: packages.displayName(path), bytes: try recorder.read(path))
        }
    }

    func files(_ query: FileQuery) throws -> SourceSet {
        try problem { () throws(ProjectError) in
            let folder = try folder(of: query.module)
            let search = GlobQuery(
                base: folder, include: query.include, exclude: query.exclude,
                includesFolders: query.includesDirectories, allowsEmpty: query.allowsEmpty)
            let key = FoundKey(package: query.module.package, query: search)
            if let known = found.withLock({ $0[key] }) { return known }
            let root = packages[query.module.package].root
            let paths = try recorder.search(.files(search), in: root)
            let sources = SourceSet(
                package: query.module.package,
                base: folder.isEmpty ? nil : try relativePath(folder.joined(separator: "/")),
                paths: paths)
            if remembersSearches { found.withLock { $0[key] = sources } }
            return sources
        }
    }

    /// The folder of a module's file. That of a package's own module is known without the file,
    /// which a session does without.
    private func folder(of module: ModuleName) throws(ProjectError) -> [String] {
        module.path == nil ? [] : try location(of: module).folder
    }

    /// Where a module's file is.
    ///
    /// - Throws: That it is not there, or is there twice.
    private func location(of module: ModuleName) throws(ProjectError) -> ModuleFile.Location {
        if let known = files.withLock({ $0[module] }) { return try known.get() }
        let root = packages[module.package].root
        let result = Result { () throws(ProjectError) in
            try ModuleFile.locate(module.path, in: root)
        }
        if case .success(let location) = result, let other = location.absent {
            recorder.note(absent: root + "/" + other.description)
        }
        files.withLock { $0[module] = result }
        return try result.get()
    }

    private func problem<Value>(_ body: () throws(ProjectError) -> Value) throws -> Value {
        do throws(ProjectError) {
            return try body()
        } catch {
            throw ModuleProblem(error.message, hint: error.hint)
        }
    }
}
