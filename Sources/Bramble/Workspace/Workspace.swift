public import BrambleModel
import BrambleProject

/// A project as it is worked in: where everything that is asked of a project begins.
///
/// Nothing is read but what a request needs, and nothing is kept in memory between requests.
public final class Workspace: Sendable {
    /// What requests depend on besides the project.
    public struct Options: Sendable {
        /// How much to do at once; nil for as much as there are processors.
        public var jobs: Int?
        /// Where things are built.
        public var platform = HostPlatform.current
        /// What they are built for; nil if for where they are built.
        public var target: Platform?
        /// Where evaluations are kept, an absolute path; nil for nowhere.
        public var cacheFolder: String?

        public init() {}
    }

    let location: ProjectLocation
    let options: Options

    /// The workspace that a folder is in.
    ///
    /// - Throws: `configuration` if the folder is in no project, `files`.
    public init(from folder: String, options: Options = Options()) throws(BrambleError) {
        location = try BrambleError.catching { () throws(ProjectError) in
            try ProjectLocation(searchingFrom: folder)
        }
        self.options = options
    }

    /// The project's folder, absolute and without symbolic links.
    public var root: String { location.root }
}
