import BrambleLang
import BrambleModel
import BrambleProject

/// The project that is worked in, and the packages it depends on.
struct PackageSet: Sendable {
    struct Package: Sendable {
        let name: PackageName
        /// Its folder, absolute and without symbolic links.
        let root: String
        /// What its modules' `load` statements mean.
        let resolution: ModuleResolution
    }

    let project: Package
    let dependencies: [PackageName: Package]
    /// Where the command was started, by components from the project's root.
    let current: [String]

    /// - Precondition: The package is one of the set's, as all names of modules come from here.
    subscript(name: PackageName?) -> Package {
        guard let name else { return project }
        guard let package = dependencies[name] else {
            preconditionFailure("a module of an unknown package")
        }
        return package
    }

    func moduleName(_ path: ModulePath) -> ModuleName {
        ModuleName(package: path.package == project.name ? nil : path.package, path: path.path)
    }

    /// What messages call a file: its path from where the command was started, if it is in the
    /// project; else its absolute path.
    func displayName(_ path: String) -> String {
        PackageSet.displayName(path, root: project.root, current: current)
    }

    static func displayName(_ path: String, root: String, current: [String]) -> String {
        let prefix = root == "/" ? "/" : root + "/"
        guard path.hasPrefix(prefix) else { return path }
        let components = path.dropFirst(prefix.count).split(separator: "/").map(String.init)
        let shared = zip(components, current).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: current.count - shared)
        return (up + components[shared...]).joined(separator: "/")
    }
}
