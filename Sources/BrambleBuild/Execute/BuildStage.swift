package import BrambleModel
package import BrambleSandbox
package import BrambleStore

/// Sets up the world of a builder for another program.
package struct BuildStage {
    private let store: LocalStore

    package init(_ store: LocalStore) {
        self.store = store
    }

    /// The sandbox of a build, with another program in it.
    ///
    /// - Parameters:
    ///   - folder: An empty folder for what it writes; the caller removes it.
    /// - Throws: `notFound` if what it needs is not in the store any more.
    package func prepare(
        _ resolved: ResolvedDerivation, _ command: [String], in folder: String, processors: Int
    ) throws(StoreError) -> SandboxCommand {
        let sources = resolved.sources.map { StoreName(tree: $0) }
        if let sources, try store.findObject(sources) == nil {
            throw StoreError(
                .notFound, "the sources of `\(resolved.name)` are not in the store any more")
        }
        let room = try BuildFolder(
            in: folder, outputs: resolved.outputs, sources: sources, base: resolved.base,
            store: store)
        let world = BuildWorld(
            resolved: resolved, outputs: resolved.outputs,
            closure: try store.findClosure(of: resolved.inputs), diskPath: store.diskPath(of:))
        return SandboxCommand(
            program: world.program(command[0]), arguments: Array(command.dropFirst()),
            environment: world.environment(processors: processors),
            directory: world.startDirectory, mounts: world.mounts(room), sharesNetwork: false,
            limits: SandboxLimits())
    }
}

/// Folders that something was run in.
package enum WorkFolders {
    /// Removes a folder with all that was left in it.
    package static func remove(_ path: String) { TreeRemoval.remove(path) }
}
