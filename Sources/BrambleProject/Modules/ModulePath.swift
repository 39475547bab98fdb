package import BrambleModel

/// What a module is known by: the name of its package, and where it is in it.
package struct ModulePath: Hashable, Sendable {
    /// `github.com/x/y`.
    package let package: PackageName
    /// The path of the file in its project without `.bramble`, or of the folder whose
    /// `default.bramble` it is; nil for that of the project itself.
    package let path: RelativePath?

    package init(package: PackageName, path: RelativePath?) {
        self.package = package
        self.path = path
    }
}

extension ModulePath: CustomStringConvertible {
    package var description: String {
        path.map { "\(package)/\($0)" } ?? package.description
    }
}

extension PackageName {
    /// What is left of a full module name behind this package: empty for the package itself, nil if
    /// the module is not in it.
    func rest(of module: String) -> String? {
        let name = description
        if module == name { return "" }
        guard module.hasPrefix(name + "/") else { return nil }
        return String(module.dropFirst(name.count + 1))
    }
}

/// Why a text is no path of a package or module; nil if it is one.
func moduleNameFault(_ text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.hasPrefix("/") { return "is absolute" }
    if text.hasSuffix(".bramble") { return "ends in `.bramble`" }
    for component in text.split(separator: "/", omittingEmptySubsequences: false) {
        if component.isEmpty { return "has an empty component" }
        if component == "." || component == ".." { return "has a component `\(component)`" }
        for scalar in component.unicodeScalars where !isNameScalar(scalar) {
            return "has the character `\(scalar.escaped(asASCII: true))`"
        }
    }
    return text.utf8.count > RelativePath.maximumBytes ? "is too long" : nil
}

private func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_", "~": true
    default: false
    }
}
