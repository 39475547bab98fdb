/// What a walk has looked at: while none of it changes, the same walk finds the same.
package struct WalkTrace: Hashable, Sendable {
    /// A path from the project's root, and its stamp; nil if nothing was there.
    package struct Place: Hashable, Sendable {
        package let path: String
        package let stamp: FileStamp?

        package init(path: String, stamp: FileStamp?) {
            self.path = path
            self.stamp = stamp
        }
    }

    package private(set) var places: [Place]

    package init(places: [Place] = []) {
        self.places = places
    }

    mutating func note(folder path: [String], _ stamp: FileStamp) {
        places.append(Place(path: path.isEmpty ? "." : path.joined(separator: "/"), stamp: stamp))
    }

    /// An ignore file may be written anew in its place, which leaves no trace in its folder.
    mutating func note(ignoreFileOf path: [String], _ folder: borrowing Folder) {
        let name = IgnoreRules.fileName
        places.append(
            Place(path: (path + [name]).joined(separator: "/"), stamp: folder.stamp(of: name)))
    }

    /// Whether every place is as it was.
    ///
    /// - Parameter root: The project's folder.
    package func isCurrent(in root: String) -> Bool {
        places.allSatisfy { FileStamp(path: root + "/" + $0.path) == $0.stamp }
    }

    /// Whether later changes would show (`FileStamp.isSettled`).
    package func isSettled(at now: Int64) -> Bool {
        places.allSatisfy { $0.stamp?.isSettled(at: now) ?? true }
    }
}
