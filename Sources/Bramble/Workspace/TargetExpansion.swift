import BrambleLang
import BrambleModel
import BrambleProject

/// Which modules, and which of their functions, targets mean.
struct TargetExpansion {
    /// A module that was asked for.
    struct Request: Hashable {
        let module: ModuleName
        /// nil for all that can be built.
        let function: String?
    }

    let packages: PackageSet
    let recorder: InputRecorder
    let aliases: [String: String]

    /// The requests of some targets in their order, each once; those of a pattern sorted by module.
    ///
    /// - Throws: What is wrong with a target, and patterns that match no module.
    func requests(_ targets: [String]) throws(ProjectError) -> [Request] {
        var requests: [Request] = []
        var known: Set<Request> = []
        for text in targets {
            for request in try self.requests(Target(text, aliases: aliases), text)
            where known.insert(request).inserted {
                requests.append(request)
            }
        }
        return requests
    }

    private func requests(
        _ target: Target, _ text: String
    ) throws(ProjectError) -> [Request] {
        switch target {
        case .function(let place, let function):
            return [Request(module: try module(place, text), function: function)]
        case .module(let place): return [Request(module: try module(place, text), function: nil)]
        case .tree(let place):
            return try modules(below: try module(place, text)).map { module in
                Request(module: module, function: nil)
            }
        }
    }

    /// All modules of the project, sorted.
    func allModules() throws(ProjectError) -> [ModuleName] { try modules(below: ModuleName()) }

    private func modules(below top: ModuleName) throws(ProjectError) -> [ModuleName] {
        let folder = top.path?.description.split(separator: "/").map(String.init) ?? []
        let root = packages[top.package].root
        var modules: [ModuleName] = []
        for file in try recorder.search(.modules(below: folder), in: root) {
            let path = try ModuleFile.module(of: file)
            modules.append(ModuleName(package: top.package, path: path))
        }
        return modules.sorted()
    }

    private func module(
        _ place: Target.Place, _ text: String
    ) throws(ProjectError) -> ModuleName {
        switch place {
        case .local(let up, let down):
            guard up <= packages.current.count else {
                throw ProjectError(
                    .usage, "the target `\(text)` leads out of the project",
                    hint: "name a module of the project in `\(packages.project.root)`")
            }
            let components = packages.current.dropLast(up) + down
            let path =
                components.isEmpty
                ? nil : try relativePath(components.joined(separator: "/"))
            return ModuleName(path: path)
        case .module(let name, let version):
            guard version == nil else {
                throw ProjectError(
                    .configuration,
                    "the target `\(text)` names a version, and no version of "
                        + "another package can be fetched yet",
                    hint: "give the package a path in `[dependencies]`, and leave out the version")
            }
            let path = try packages.project.resolution.resolve(LoadName(name), from: [])
            return packages.moduleName(path)
        }
    }
}
