import BrambleLang
import BrambleModel
import BrambleProject
import SourceDiagnostics

/// A project whose manifests were read, for one request: what it looks at is noted.
struct OpenProject {
    let packages: PackageSet
    let manifest: Manifest
    let recorder: InputRecorder

    /// Reads the project's manifest, and those of what it depends on.
    ///
    /// - Throws: All that is wrong with them, as `configuration`.
    init(_ location: ProjectLocation) throws(BrambleError) {
        let recorder = InputRecorder()
        let path = location.root + "/" + ProjectLocation.manifestName
        let bytes = try BrambleError.catching { () throws(ProjectError) in
            try recorder.read(path)
        }
        let name = PackageSet.displayName(path, root: location.root, current: location.current)
        do throws(DiagnosticList) {
            manifest = try Manifest(SourceFile(name: name, bytes: bytes))
        } catch {
            throw BrambleError(error)
        }
        packages = PackageSet(
            project: PackageSet.Package(
                name: manifest.name, root: location.root,
                resolution: ModuleResolution(package: manifest.name, dependencies: [])),
            dependencies: [:], current: location.current)
        self.recorder = recorder
    }

    var modules: WorkspaceModules { WorkspaceModules(packages: packages, recorder: recorder) }

    var targets: TargetExpansion {
        TargetExpansion(packages: packages, recorder: recorder, aliases: manifest.aliases)
    }
}
