import BrambleProject

/// A project whose manifests were read, for one request: what it looks at is noted.
struct OpenProject {
    let packages: PackageSet
    let manifest: Manifest
    let recorder: InputRecorder

    /// Reads the project's manifest, and those of what it depends on.
    ///
    /// - Throws: All that is wrong with them, as `configuration`.
    init(_ location: ProjectLocation) throws(BrambleError) {
        recorder = InputRecorder()
        var loader = PackageLoader(location, recorder)
        (manifest, packages) = try loader.load()
    }

    var modules: WorkspaceModules { WorkspaceModules(packages: packages, recorder: recorder) }

    var targets: TargetExpansion {
        TargetExpansion(packages: packages, recorder: recorder, aliases: manifest.aliases)
    }
}
