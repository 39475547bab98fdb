extension JSONScanner {
    /// Where a value is in the text: at the end of a path, or as far along it as there is text.
    ///
    /// It costs a pass over all that stands before the value, so it is for faults only.
    ///
    /// - Parameter start: Where the value is that the path begins at.
    func offset(of path: ArraySlice<JSONPath.Component>, from start: Int) -> Int {
        var scanner = restarted(at: start)
        scanner.skipSpace()
        for component in path {
            let place = scanner.offset
            // What is not JSON has been reported; here it only ends the search.
            guard (try? scanner.enter(component)) ?? false else { return place }
        }
        return scanner.offset
    }

    /// Goes to a component of the value that is next.
    ///
    /// - Returns: false if there is none.
    private mutating func enter(_ component: JSONPath.Component) throws(Fault) -> Bool {
        switch (component, try peek()) {
        case (.key(let wanted), .object):
            try beginObject()
            while let key = try nextKey() {
                if key.hasSameBytes(as: wanted) { return true }
                try skipValue()
            }
        case (.index(let wanted), .array):
            try beginArray()
            var index = 0
            while try nextElement() {
                if index == wanted { return true }
                try skipValue()
                index += 1
            }
        default: break
        }
        return false
    }
}
