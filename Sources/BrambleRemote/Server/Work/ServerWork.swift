/// What clients ask a server to do, follow, and can take up by its name: an action, a build.
protocol ServerWork: AnyObject, Sendable {
    var name: String { get }
    var isDone: Bool { get }
    /// How long nobody has followed it; zero while somebody does.
    var solitude: Duration { get }
    var cancellation: WorkCancellation { get }
}

extension ServerWork {
    var isCancelled: Bool { cancellation.isCancelled }

    /// Ends it before its time; from anywhere, at any time.
    func cancel() { cancellation.cancel() }
}
