extension DerivationCheck {
    /// Each link is made in the sandbox beside what is there anyway, and leads into the closure.
    mutating func checkLinks() {
        var earlier: Set<RelativePath> = []
        for entry in fields.links.entries {
            let place: [JSONPath.Component] = [.key("links"), .key(entry.name)]
            do throws(Fault) {
                let path = try linkPath(entry.name)
                if let outer = path.ancestors.first(where: earlier.contains) {
                    throw Fault(
                        .conflict,
                        "the link \(quoted(entry.name)) is below the link \(quoted("/\(outer)"))",
                        hint: "link one or the other")
                }
                earlier.insert(path)
                add(try linkTarget(entry.value))
            } catch {
                faults.append(error.under(JSONPath(place)))
            }
        }
    }

    private func linkPath(_ text: String) throws(Fault) -> RelativePath {
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw Fault(
                .invalidPath, "the link \(quoted(text)) is not an absolute path",
                hint: "write its path in the sandbox, as in `/bin/sh`")
        }
        let path = try RelativePath(String(decoding: text.utf8.dropFirst(), as: UTF8.self))
        let owned = sandboxPaths.first { path == $0 || path.isBelow($0) || $0.isBelow(path) }
        if let owned {
            throw Fault(
                .conflict,
                "the link \(quoted(text)) is in the way of the sandbox's own `/\(owned)`",
                hint: "link another path, as in `/bin/sh`")
        }
        return path
    }

    private func linkTarget(_ text: String) throws(Fault) -> Reference {
        let occurrences = try Reference.scan(text)
        guard occurrences.count == 1, occurrences[0].range.lowerBound == 0 else {
            throw Fault(
                .invalidText, "the link to \(quoted(text)) does not lead to an output",
                hint: "write one reference, and perhaps `/` and a path in that output")
        }
        let tail = text.utf8.dropFirst(occurrences[0].range.upperBound)
        if !tail.isEmpty {
            guard tail.first == UInt8(ascii: "/") else {
                throw Fault(
                    .invalidPath, "the link to \(quoted(text)) does not lead into an output",
                    hint: "write `/` after the reference, then a path in that output")
            }
            _ = try RelativePath(String(decoding: tail.dropFirst(), as: UTF8.self))
        }
        return occurrences[0].reference
    }
}

/// What every sandbox has (DESIGN, "Sandbox contract"): nothing may be linked there, nor in place
/// of a directory that leads there.
private let sandboxPaths: [RelativePath] = [
    "bramble", "build", "dev", "proc", "tmp", "etc/group", "etc/hosts", "etc/passwd",
].map { RelativePath(valid: $0) }

extension RelativePath {
    /// The directories that the path is in, innermost last.
    var ancestors: [RelativePath] {
        let text = description.utf8
        return text.indices.filter { text[$0] == UInt8(ascii: "/") }.map {
            RelativePath(valid: String(decoding: text[..<$0], as: UTF8.self))
        }
    }

    /// Whether the path is inside of another one, which then is a directory.
    func isBelow(_ other: RelativePath) -> Bool {
        let outer = other.description.utf8
        return description.utf8.count > outer.count && description.utf8.starts(with: outer)
            && description.utf8.dropFirst(outer.count).first == UInt8(ascii: "/")
    }
}
