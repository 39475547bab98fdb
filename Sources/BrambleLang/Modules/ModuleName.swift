package import BrambleModel

/// Which module: a path in the project that is evaluated, or in a package it depends on.
///
/// How a path becomes a file is for the `ModuleProvider` to say; here a name is only compared,
/// sorted and shown: `./lib/foo`, `github.com/x/y/lib`.
package struct ModuleName: Hashable, Sendable {
    /// The package; nil for the project.
    package let package: PackageName?
    /// From the directory of the project or package, without the ending of the file; nil for the
    /// module that stands for the directory itself.
    package let path: RelativePath?

    package init(package: PackageName? = nil, path: RelativePath? = nil) {
        self.package = package
        self.path = path
    }
}

extension ModuleName: CustomStringConvertible {
    /// As in targets and `load` statements.
    package var description: String {
        switch (package, path) {
        case (nil, nil): "."
        case (nil, let path?): "./\(path)"
        case (let package?, nil): "\(package)"
        case (let package?, let path?): "\(package)/\(path)"
        }
    }
}

extension ModuleName: Comparable {
    /// The project first, then by package, then by path.
    package static func < (left: ModuleName, right: ModuleName) -> Bool {
        if left.package != right.package {
            guard let package = left.package else { return true }
            return right.package.map { package < $0 } ?? false
        }
        guard let path = left.path else { return right.path != nil }
        return right.path.map { path < $0 } ?? false
    }
}
