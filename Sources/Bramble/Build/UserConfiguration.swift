import BrambleBuild
import BrambleModel
import BrambleProject
import SourceDiagnostics

/// What a user's configuration says about building (DESIGN, "Projects"): a project can set none of
/// it.
enum UserConfiguration {
    /// How to fetch, by the configuration and the environment.
    ///
    /// - Throws: Mistakes in the configuration (`configuration`), files that cannot be read
    ///   (`files`).
    static func fetchOptions(_ settings: BuildSettings) throws(BrambleError) -> FetchOptions {
        let file = try read(settings)
        var options = FetchOptions.standard
        options.isOffline = settings.isOffline
        options.environment = settings.environment
        options.mirrors = Mirrors(
            rewritings: file.rewritings.map {
                Mirrors.Rewriting(prefix: $0.prefix, replacements: $0.replacements)
            }, hashedBases: file.hashedMirrors)
        if let helper = file.credentialHelper, let program = helper.first {
            options.credentialHelper = CredentialHelper(
                program: program, arguments: Array(helper.dropFirst()))
        }
        options.netrc = try netrc(file.netrc, settings)
        do throws(FetchError) {
            options.proxies = try ProxySettings(environment: settings.environment)
        } catch {
            throw BrambleError(.configuration, error.message, hint: error.hint)
        }
        return options
    }

    /// Which other machines to use, by the configuration and the command line.
    ///
    /// - Throws: As `fetchOptions`.
    static func remoteSettings(_ settings: BuildSettings) throws(BrambleError) -> RemoteSettings {
        var remote = RemoteSettings(try read(settings).remote)
        if let cache = settings.remoteCache { remote.cache = cache }
        if let executor = settings.remoteExecutor { remote.executor = executor }
        if let builder = settings.remoteBuilder { remote.builder = builder }
        if let root = settings.remoteRoot { remote.root = root }
        if remote.cache?.isEmpty == true { remote.cache = nil }
        if remote.executor?.isEmpty == true { remote.executor = nil }
        if remote.builder?.isEmpty == true { remote.builder = nil }
        // What would be built is for this machine to say, by what it has.
        if settings.isDryRun { remote.builder = nil }
        // Of a build that is done elsewhere, nothing is done here.
        if remote.builder != nil { (remote.cache, remote.executor) = (nil, nil) }
        return remote
    }

    /// Looks for mistakes in the file.
    ///
    /// - Throws: As `fetchOptions`.
    static func check(_ settings: BuildSettings) throws(BrambleError) { _ = try read(settings) }

    private static func read(
        _ settings: BuildSettings
    ) throws(BrambleError) -> UserConfigurationFile {
        guard let path = settings.configurationFile, FileStamp(path: path) != nil else {
            return UserConfigurationFile()
        }
        let bytes = try BrambleError.catching { () throws(ProjectError) in
            try HostFile.read(path)
        }
        do throws(DiagnosticList) {
            return try UserConfigurationFile(SourceFile(name: path, bytes: bytes))
        } catch {
            throw BrambleError(error)
        }
    }

    /// `netrc` of the configuration, else `$NETRC`, else `~/.netrc`, as curl has it; none of them
    /// has to be there but the first.
    private static func netrc(
        _ configured: String?, _ settings: BuildSettings
    ) throws(BrambleError) -> Netrc {
        let environment = settings.environment
        let usual = environment["NETRC"] ?? environment["HOME"].map { $0 + "/.netrc" }
        guard let path = configured ?? usual, configured != nil || FileStamp(path: path) != nil
        else { return .none }
        let bytes = try BrambleError.catching { () throws(ProjectError) in
            try HostFile.read(path)
        }
        return Netrc(parsing: String(decoding: bytes, as: UTF8.self))
    }
}
