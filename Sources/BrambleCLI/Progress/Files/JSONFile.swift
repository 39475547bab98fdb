import Bramble
import BrambleModel
import StarlarkConsole

/// A new file of JSON values that others may read while it is written.
struct JSONFile {
    private let path: String
    private let stream: OutputStream
    /// Why the file does not have all that was written.
    private(set) var failure: BrambleError?

    init(_ path: String) throws(BrambleError) {
        self.path = path
        do throws(FileFailure) {
            stream = try OutputStream.file(path)
        } catch {
            throw BrambleError(.files, "\(error)")
        }
    }

    /// Writes a value in canonical JSON, between two texts.
    mutating func write(_ value: some Encodable, after start: String = "", end: String = "") {
        do {
            write(start + String(decoding: try CanonicalJSON.encode(value), as: UTF8.self) + end)
        } catch {
            // What servers say of sizes may be any number, and JSON's have 53 bits.
            failure = failure ?? BrambleError(.files, "cannot write `\(path)`: \(error)")
        }
    }

    mutating func write(_ text: String) {
        stream.write(text)
        stream.flush()
        if failure == nil, let problem = stream.failure {
            failure = BrambleError(.files, "\(problem)")
        }
    }
}
