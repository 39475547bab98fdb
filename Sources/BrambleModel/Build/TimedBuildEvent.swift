/// An event of a build with its time: a line of `docs/build-events.md`, in a file as over the wire.
public struct TimedBuildEvent: Codable, Hashable, Sendable {
    /// In milliseconds, since the build began.
    public var at: Int
    public var event: BuildEvent

    public init(at: Int, event: BuildEvent) {
        self.at = at
        self.event = event
    }
}
