package import BrambleModel
import SourceDiagnostics

/// From what a `load` says to the module that is meant; knows names only, no files.
package struct ModuleResolution: Sendable {
    /// The package that loads.
    package let package: PackageName
    package let dependencies: [PackageName]

    package init(package: PackageName, dependencies: [PackageName]) {
        self.package = package
        self.dependencies = dependencies
    }

    /// - Parameter folder: Where the module that loads is, by components from the project's root.
    package func resolve(
        _ name: LoadName, from folder: [String]
    ) throws(ProjectError) -> ModulePath {
        switch name {
        case .full(let text): return try resolve(full: text)
        case .relative(let up, let down):
            guard up <= folder.count else {
                throw ProjectError(
                    .outside, "`\(String(repeating: "../", count: up))` leads out of the project",
                    hint: "load a module of another project by its full name")
            }
            return try modulePath(package, folder.dropLast(up) + down)
        }
    }

    /// The longest name of a package that begins the module's wins.
    private func resolve(full text: String) throws(ProjectError) -> ModulePath {
        let candidates = [package] + dependencies
        let matches = candidates.filter { $0.rest(of: text) != nil }
        guard let best = matches.max(by: { $0.description.count < $1.description.count }),
            let rest = best.rest(of: text)
        else { throw unknown(text) }
        return try modulePath(best, rest.split(separator: "/").map(String.init))
    }

    private func modulePath(
        _ package: PackageName, _ components: [String]
    ) throws(ProjectError) -> ModulePath {
        guard !components.isEmpty else { return ModulePath(package: package, path: nil) }
        return ModulePath(
            package: package, path: try relativePath(components.joined(separator: "/")))
    }

    private func unknown(_ text: String) -> ProjectError {
        let known = ([package] + dependencies).map(\.description)
        // The package of a module is a prefix of its name, so each prefix may be the misspelt one.
        let components = text.split(separator: "/")
        for count in stride(from: components.count, to: 0, by: -1) {
            let prefix = components.prefix(count).joined(separator: "/")
            guard let near = closestMatch(to: prefix, among: known) else { continue }
            let rest = components.dropFirst(count).map { "/" + $0 }.joined()
            return ProjectError(
                .configuration, "no package of the project has the module `\(text)`",
                hint: "did you mean `\(near)\(rest)`?")
        }
        return ProjectError(
            .configuration, "no package of the project has the module `\(text)`",
            hint: "add its package to `[dependencies]` in `bramble.toml`, or write `./\(text)` "
                + "for a module of this project")
    }
}
