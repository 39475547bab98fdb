import Bramble
import Glibc
import StarlarkConsole

/// A file that the command line names; `-` is standard input.
enum InputFile {
    static func read(_ path: String) throws(BrambleError) -> (name: String, bytes: [UInt8]) {
        do throws(FileFailure) {
            if path == "-" {
                let name = "standard input"
                return (name, try SourceReader.read(STDIN_FILENO, object: name).bytes)
            }
            return ("`\(path)`", try SourceReader.read(path).bytes)
        } catch {
            throw BrambleError(.files, "\(error)")
        }
    }
}
