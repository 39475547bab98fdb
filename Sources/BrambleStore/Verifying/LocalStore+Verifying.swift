package import BrambleModel

extension LocalStore {
    /// What is wrong with an object: every bit of it is read.
    ///
    /// - Throws: `notFound` if the index does not know it.
    package func damages(of name: StoreName) throws(StoreError) -> [Damage] {
        let tree = try readTree(of: name)
        var damages = try ObjectCheck(self, name, tree).damages()
        for reference in try findReferences(of: name) {
            let known = try index.read("cannot look up `\(reference)`") { database in
                try ObjectRow.find(reference, database)
            }
            guard known == nil else { continue }
            damages.append(
                Damage(name, "", .reference, "refers to `\(reference)`, which is not there"))
        }
        return damages
    }
}
