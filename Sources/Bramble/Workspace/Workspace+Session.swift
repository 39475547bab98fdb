import BrambleLang
public import Starlark

extension Workspace {
    /// A session in which a person tries the language in the project.
    public struct Session {
        /// Runs what is typed.
        public let session: InteractiveSession
        /// The names that all texts see.
        public let environment: Environment
    }

    /// Begins a session: `load` and `files` work as in a module in the project's folder.
    ///
    /// - Parameter print: Gets the lines that are printed.
    /// - Throws: Mistakes in the manifest (`configuration`).
    public func session(
        print: @escaping @Sendable (String) -> Void
    ) throws(BrambleError) -> Session {
        let project = try OpenProject(location)
        let session = ModuleSession(
            provider: WorkspaceModules(
                packages: project.packages, recorder: project.recorder, remembersSearches: false),
            options: evaluationOptions, print: print)
        return Session(session: session.session, environment: session.environment)
    }
}
