import Bramble
import BrambleModel
import BrambleRemote

/// The keys by which results are signed and believed.
struct RemoteKeys {
    let signing: SigningKey?
    /// nil if no signature is asked for.
    let trusted: [TrustedKey]?

    /// - Throws: `configuration` for keys that are none; `files`.
    init(_ settings: RemoteSettings) throws(BrambleError) {
        do throws(Fault) {
            var trusted: [TrustedKey] = []
            for text in settings.trustedKeys ?? [] { trusted.append(try TrustedKey(text)) }
            self.trusted = settings.trustedKeys == nil ? nil : trusted
        } catch {
            throw BrambleError(.configuration, error.message, hint: error.hint)
        }
        guard let path = settings.signingKeyFile else {
            signing = nil
            return
        }
        let text = try RemoteKeys.text(of: path)
        do throws(Fault) {
            signing = try SigningKey(text)
        } catch {
            throw BrambleError(
                .configuration, "`\(path)`: \(error.message)", hint: error.hint)
        }
    }

    /// The one line of a small file.
    static func text(of path: String) throws(BrambleError) -> String {
        let text = String(decoding: try InputFile.read(path).bytes, as: UTF8.self)
        guard let line = text.split(whereSeparator: \.isWhitespace).first else {
            throw BrambleError(.configuration, "`\(path)` is empty")
        }
        return String(line)
    }
}
