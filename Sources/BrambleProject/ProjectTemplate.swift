package import BrambleModel

/// The files that `bramble init` writes.
package struct ProjectTemplate: Sendable {
    package struct File: Sendable {
        /// In the folder of the project.
        package let name: String
        package let text: String
    }

    package let files: [File]

    /// - Parameter name: The package's name.
    package init(name: PackageName) {
        files = [
            File(
                name: ProjectLocation.manifestName,
                text: "[package]\nname = \"\(name)\"\nversion = \"0.1.0\"\n\n[dependencies]\n"),
            File(
                name: "default.bramble",
                text: """
                    def hello():
                        \"\"\"Says hello; try `bramble build .:hello`.\"\"\"
                        print("hello from \(name)")

                    """),
        ]
    }

    /// Refuses to write over anything.
    ///
    /// - Parameter folder: An absolute path.
    /// - Throws: `configuration` if one of the files exists, `inputOutput`.
    package func check(_ folder: String) throws(ProjectError) {
        let folder = try Folder(folder)
        for file in files where folder.kind(of: file.name) != nil {
            throw ProjectError(
                .configuration, "`\(file.name)` exists already",
                hint: "this is a project, or remove the file")
        }
    }
}
