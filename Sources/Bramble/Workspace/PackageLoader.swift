import BrambleModel
import BrambleProject
import SourceDiagnostics

/// Reads the manifests of a project and of the packages it depends on, each once.
struct PackageLoader {
    private let location: ProjectLocation
    private let recorder: InputRecorder
    private var roots: [PackageName: String] = [:]
    private var packages: [PackageName: PackageSet.Package] = [:]
    private var diagnostics: [Diagnostic] = []

    init(_ location: ProjectLocation, _ recorder: InputRecorder) {
        self.location = location
        self.recorder = recorder
    }

    /// - Returns: The project's manifest, and the packages.
    /// - Throws: All that is wrong with the manifests, as `configuration`.
    mutating func load() throws(BrambleError) -> (Manifest, PackageSet) {
        let manifest = try readOwn()
        var pending = [(manifest: manifest, root: location.root)]
        roots[manifest.name] = location.root
        packages[manifest.name] = package(manifest, location.root)
        while let next = pending.popLast() {
            for dependency in next.manifest.dependencies {
                guard let root = find(dependency, of: next.manifest, in: next.root),
                    packages[dependency.name] == nil
                else { continue }
                guard let found = try read(root, for: dependency, of: next.manifest) else {
                    continue
                }
                guard found.name == dependency.name else {
                    report(
                        "the package in `\(root)` is named `\(found.name)`", dependency,
                        of: next.manifest, hint: "write `\"\(found.name)\"` here")
                    continue
                }
                packages[found.name] = package(found, root)
                pending.append((manifest: found, root: root))
            }
        }
        guard diagnostics.isEmpty else { throw BrambleError(DiagnosticList(diagnostics)) }
        guard let project = packages.removeValue(forKey: manifest.name) else {
            preconditionFailure("the project is one of its packages")
        }
        return (
            manifest,
            PackageSet(project: project, dependencies: packages, current: location.current)
        )
    }

    private func package(_ manifest: Manifest, _ root: String) -> PackageSet.Package {
        let names = manifest.dependencies.map(\.name)
        return PackageSet.Package(
            name: manifest.name, root: root,
            resolution: ModuleResolution(package: manifest.name, dependencies: names))
    }

    /// The folder of a dependency; nil if there is none, which is reported.
    private mutating func find(
        _ dependency: Manifest.Dependency, of manifest: Manifest, in root: String
    ) -> String? {
        guard let path = dependency.path else {
            report(
                "`\(dependency.name)` has no path, and packages cannot be fetched yet", dependency,
                of: manifest, hint: "write `\"\(dependency.name)\" = { path = \"…\" }`")
            return nil
        }
        let given = path.hasPrefix("/") ? path : root + "/" + path
        let folder: String
        do throws(ProjectError) {
            folder = try HostFile.absolutePath(given)
        } catch {
            report(
                "there is no folder `\(path)` for `\(dependency.name)`", dependency, of: manifest,
                hint: "paths start from the folder of `\(ProjectLocation.manifestName)`")
            return nil
        }
        if folder != PackageLoader.withoutDots(given) { recorder.noteIncompleteness() }
        guard let known = roots[dependency.name], known != folder else {
            roots[dependency.name] = folder
            return folder
        }
        report(
            "`\(dependency.name)` is in `\(folder)` here, and in `\(known)` elsewhere", dependency,
            of: manifest, hint: "give it one path everywhere")
        return nil
    }

    /// An absolute path without `.`, `..` and doubled slashes: what it leads to if none of its
    /// components is a symbolic link.
    private static func withoutDots(_ path: String) -> String {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }

    private func readOwn() throws(BrambleError) -> Manifest {
        let file = try file(in: location.root)
        do throws(DiagnosticList) {
            return try Manifest(file)
        } catch {
            throw BrambleError(error)
        }
    }

    /// The manifest of a dependency; nil if there is none, or mistakes in it, which are reported.
    private mutating func read(
        _ root: String, for dependency: Manifest.Dependency, of manifest: Manifest
    ) throws(BrambleError) -> Manifest? {
        guard HostFile.exists(root + "/" + ProjectLocation.manifestName) else {
            recorder.noteIncompleteness()
            report(
                "there is no `\(ProjectLocation.manifestName)` in `\(root)`", dependency,
                of: manifest,
                hint:
                    "give the path of a package, or write a `\(ProjectLocation.manifestName)` there"
            )
            return nil
        }
        let file = try file(in: root)
        do throws(DiagnosticList) {
            return try Manifest(file)
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
    }

    private func file(in root: String) throws(BrambleError) -> SourceFile {
        let path = root + "/" + ProjectLocation.manifestName
        let bytes = try BrambleError.catching { () throws(ProjectError) in
            try recorder.read(path)
        }
        let name = PackageSet.displayName(path, root: location.root, current: location.current)
        return SourceFile(name: name, bytes: bytes)
    }

    private mutating func report(
        _ message: String, _ dependency: Manifest.Dependency, of manifest: Manifest, hint: String
    ) {
        diagnostics.append(
            Diagnostic(
                .error, message, in: manifest.document.file, at: dependency.span, hint: hint))
    }
}
