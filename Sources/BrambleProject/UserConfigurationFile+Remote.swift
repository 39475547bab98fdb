import BrambleModel
import SourceDiagnostics

extension UserConfigurationFile {
    /// The table `[remote]`: other machines that builds may use. Paths are absolute; addresses and keys
    /// are as they were written, and checked by who uses them.
    package struct Remote: Sendable {
        package struct Pair: Sendable {
            package let name: String
            package let value: String
        }

        package internal(set) var cache: String?
        package internal(set) var executor: String?
        package internal(set) var builder: String?
        /// Whether the executor runs actions in a working directory rather than in the input root.
        package internal(set) var runsInWorkingDirectory = false
        /// Whether what is built here is put into the cache.
        package internal(set) var uploads = true
        /// Whether contents go compressed; nil for where it pays.
        package internal(set) var compresses: Bool?
        package internal(set) var headers: [Pair] = []
        package internal(set) var platform: [Pair] = []
        /// Files.
        package internal(set) var token: String?
        package internal(set) var authorities: String?
        package internal(set) var certificate: String?
        package internal(set) var key: String?
        package internal(set) var signingKey: String?
        /// nil: no signature is asked for.
        package internal(set) var trustedKeys: [String]?
        package internal(set) var credentialHelper: [String]?

        package init() {}
    }
}

extension UserConfigurationReader {
    mutating func readRemote(_ entry: TOMLEntry) {
        switch entry.key {
        case "cache": result.remote.cache = text(entry)
        case "executor": result.remote.executor = text(entry)
        case "builder": result.remote.builder = text(entry)
        case "root": result.remote.runsInWorkingDirectory = isWorkingDirectory(entry)
        case "upload": result.remote.uploads = boolean(entry) ?? true
        case "compress": result.remote.compresses = boolean(entry)
        case "headers": result.remote.headers = pairs(entry)
        case "platform": result.remote.platform = pairs(entry)
        case "token_file": result.remote.token = path(entry)
        case "ca_file": result.remote.authorities = path(entry)
        case "certificate_file": result.remote.certificate = path(entry)
        case "key_file": result.remote.key = path(entry)
        case "signing_key_file": result.remote.signingKey = path(entry)
        case "trusted_keys": result.remote.trustedKeys = texts(entry).map(\.text)
        case "credential_helper": result.remote.credentialHelper = texts(entry).map(\.text)
        default:
            report(
                "unknown key `\(entry.key)` in `[remote]`", entry.keySpan,
                hint:
                    "there are `cache`, `executor`, `builder`, `root`, `upload`, `compress`, `headers`, "
                    + "`platform`, `token_file`, `credential_helper`, `ca_file`, `certificate_file`, "
                    + "`key_file`, `signing_key_file` and `trusted_keys`")
        }
    }

    private mutating func text(_ entry: TOMLEntry) -> String? {
        guard let text = entry.value.string, !text.isEmpty else {
            report("`\(entry.key)` must be a string that is not empty", entry.value.span)
            return nil
        }
        return text
    }

    private mutating func isWorkingDirectory(_ entry: TOMLEntry) -> Bool {
        guard let text = entry.value.string, ["input", "working-directory"].contains(text) else {
            report(
                "`\(entry.key)` must be \"input\" or \"working-directory\"", entry.value.span)
            return false
        }
        return text == "working-directory"
    }

    private mutating func boolean(_ entry: TOMLEntry) -> Bool? {
        guard case .boolean(let value) = entry.value.content else {
            report(
                "`\(entry.key)` must be `true` or `false`, not \(entry.value.typeName)",
                entry.value.span)
            return nil
        }
        return value
    }

    private mutating func pairs(_ entry: TOMLEntry) -> [UserConfigurationFile.Remote.Pair] {
        guard let table = entry.value.table else {
            report(
                "`\(entry.key)` must be a table, not \(entry.value.typeName)", entry.value.span)
            return []
        }
        return table.entries.compactMap { entry in
            text(entry).map { UserConfigurationFile.Remote.Pair(name: entry.key, value: $0) }
        }
    }
}
