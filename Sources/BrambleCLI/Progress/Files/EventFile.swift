import Bramble
import BrambleModel
import StarlarkConsole
import Synchronization

/// `--events FILE`: each event of a build as a line of canonical JSON (docs/build-events.md).
final class EventFile: Sendable {
    /// The first line.
    struct Heading: Codable, Equatable {
        static let schema = "bramble/build-events/1"

        var schema = Heading.schema
    }

    /// Each of the others.
    typealias Line = TimedBuildEvent

    private let file: Mutex<JSONFile>
    private let now: @Sendable () -> Duration

    /// - Parameter now: Since the build began.
    init(_ path: String, now: @escaping @Sendable () -> Duration) throws(BrambleError) {
        var file = try JSONFile(path)
        file.write(Heading(), end: "\n")
        self.file = Mutex(file)
        self.now = now
    }

    func take(_ event: BuildEvent) {
        file.withLock { file in
            file.write(Line(at: now().wholeMilliseconds, event: event), end: "\n")
        }
    }

    /// - Throws: `files` if the file does not have all events.
    func finish() throws(BrambleError) {
        if let failure = file.withLock(\.failure) { throw failure }
    }
}
