package import BrambleModel
package import SourceDiagnostics

/// What `bramble.toml` says of the package and what it depends on.
package struct Manifest: Sendable {
    package struct Dependency: Sendable {
        package let name: PackageName
        /// As written; nil if only a path is given.
        package let version: String?
        /// The folder of the package, from that of the manifest.
        package let path: String?
        /// The key of the dependency.
        package let span: SourceSpan
    }

    /// What programs of the project may use of the machine when `bramble run` runs them.
    package struct Grants: Hashable, Sendable {
        /// As written: absolute, or from the project's folder.
        package var paths: [String] = []
        package var readOnlyPaths: [String] = []
        package var hiddenPaths: [String] = []
        package var network = false
    }

    package let name: PackageName
    package let version: String
    /// In the order of the file.
    package let dependencies: [Dependency]
    /// From name to target.
    package let aliases: [String: String]
    package let grants: Grants
    /// The text, for edits.
    package let document: TOMLDocument

    /// - Throws: All that is wrong with the file.
    package init(_ file: SourceFile) throws(DiagnosticList) {
        let document = try TOMLDocument(file)
        var reader = ManifestReader(file: file)
        let parts = reader.read(document.root)
        guard let parts, reader.diagnostics.isEmpty else {
            throw DiagnosticList(reader.diagnostics)
        }
        name = parts.name
        version = parts.version
        dependencies = parts.dependencies
        aliases = parts.aliases
        grants = parts.grants
        self.document = document
    }
}
