extension Derivation {
    /// What is to be done to build a derivation.
    public indirect enum Kind: Hashable, Sendable {
        /// Run the builder.
        case run
        /// Fetch a file, and perhaps unpack it: builder `fetch_url`.
        case fetchURL(FetchURL)
        /// Fetch a commit of a Git repository: builder `fetch_git`.
        case fetchGit(FetchGit)
        /// Run a program whose output `out` holds a derivation graph, and build the one root of
        /// that graph in place of the derivation: builder `derivation_output`. The first argument
        /// is the program, the others are its arguments.
        case derivationOutput

        /// Whether the result comes from outside, and so is checked against a hash.
        public var isFetch: Bool {
            switch self {
            case .fetchURL, .fetchGit: true
            case .run, .derivationOutput: false
            }
        }
    }

    /// The names of the builders that are built in.
    public enum BuiltinBuilder: String, CaseIterable, Sendable {
        case fetchURL = "fetch_url"
        case fetchGit = "fetch_git"
        case derivationOutput = "derivation_output"
    }

    /// What `fetch_url` is told by its environment.
    public struct FetchURL: Hashable, Sendable {
        /// `url`.
        public let url: SourceURL
        /// `hash`: what the bytes fetched must be.
        public let hash: ContentHash?
        /// `unpack`: whether the file is an archive to unpack; nil to go by the URL's extension.
        public let unpack: Bool?
        /// `strip_components`: how many leading directories of the archive's paths to leave out.
        public let stripComponents: Int
        /// `executable`: whether the file, not unpacked, may be executed.
        public let isExecutable: Bool
    }

    /// What `fetch_git` is told by its environment.
    public struct FetchGit: Hashable, Sendable {
        /// `url`.
        public let url: SourceURL
        /// `reference`: a branch, a tag, or a commit.
        public let reference: String
    }
}
