internal import BrambleModel

/// Finds out whether a symbolic link stays in its tree, by walking as the kernel does (man 7
/// path_resolution), through all other links of the tree. It may lead to nothing: many releases
/// have links to what their build makes.
struct SymlinkCheck {
    /// What is in the tree at a path; nil for nothing.
    let lookup: (RelativePath) -> TreeWriter.Node?

    /// As many links as the kernel follows; what leads in circles opens nothing.
    private static let maximumFollowed = 40

    func check(_ path: RelativePath, target: String) throws(FetchError) {
        guard !target.isEmpty, target.utf8.count <= RelativePath.maximumBytes else {
            throw refused(path, target, "which is no path")
        }
        var place = components(path.description).dropLast().map { $0 }
        // What is still to be walked, the next component last.
        var rest = Array(components(target).reversed())
        var followed = 0
        guard target.utf8.first != UInt8(ascii: "/") else {
            throw refused(path, target, "which is absolute")
        }
        while let name = rest.popLast() {
            switch name {
            case "", ".": continue
            case "..":
                guard place.popLast() != nil else {
                    throw refused(path, target, "outside of the archive")
                }
            default:
                place.append(name)
                guard case .symlink(let next) = node(at: place) else { continue }
                followed += 1
                if followed > SymlinkCheck.maximumFollowed { return }
                guard next.utf8.first != UInt8(ascii: "/") else {
                    throw refused(path, target, "and so to an absolute path")
                }
                place.removeLast()
                rest += components(next).reversed()
            }
        }
    }

    private func node(at place: [String]) -> TreeWriter.Node? {
        // A path that is too long to be one leads to nothing.
        (try? RelativePath(place.joined(separator: "/"))).flatMap(lookup)
    }

    private func components(_ path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    private func refused(_ path: RelativePath, _ target: String, _ why: String) -> FetchError {
        FetchError(
            .archive,
            "the symbolic link \(quoted(path.description)) leads to \(quoted(target)), \(why)")
    }
}
