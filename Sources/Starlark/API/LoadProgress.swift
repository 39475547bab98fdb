#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which modules were evaluated, which are being evaluated, and which of those waits for which.
///
/// A module that is being evaluated waits for at most one other: the one whose `load` statement
/// runs. So the modules under way form chains, and a `load` that would close a chain into a circle
/// is found before anybody waits, whichever threads the modules are on.
final class LoadProgress: @unchecked Sendable {
    // Sendable: everything below is used only while `mutex` is locked.

    typealias Outcome = Result<Module, any Error>

    enum Entry {
        /// Being evaluated; for now it waits for the other module.
        case underWay(waitingFor: String?)
        case done(Outcome)
    }

    /// What to do about a module that was asked for.
    enum Step {
        case evaluate
        case done(Outcome)
        case cycle([String])
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// Signalled when a module is done.
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var entries: [String: Entry] = [:]

    init() {
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        let results = (pthread_mutex_init(mutex, nil), pthread_cond_init(condition, nil))
        precondition(results == (0, 0), "the system has no room for a mutex")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    /// Notes that `importer`, or the host, wants a module, and waits if another thread is
    /// evaluating it.
    ///
    /// After `.evaluate` the caller evaluates the module and calls `finish`.
    func begin(_ name: String, for importer: String?) -> Step {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch entries[name] {
            case nil:
                entries[name] = .underWay(waitingFor: nil)
                if let importer { entries[importer] = .underWay(waitingFor: name) }
                return .evaluate
            case .done(let outcome):
                if let importer { entries[importer] = .underWay(waitingFor: nil) }
                return .done(outcome)
            case .underWay:
                if let importer {
                    if let path = cycle(from: importer, to: name) { return .cycle(path) }
                    entries[importer] = .underWay(waitingFor: name)
                }
                pthread_cond_wait(condition, mutex)
            }
        }
    }

    /// Notes what came of a module that `importer`, or the host, was told to evaluate.
    func finish(_ name: String, _ outcome: Outcome, for importer: String?) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        entries[name] = .done(outcome)
        if let importer { entries[importer] = .underWay(waitingFor: nil) }
        pthread_cond_broadcast(condition)
    }

    /// The circle that would be closed if one module waited for another, or nil.
    private func cycle(from importer: String, to name: String) -> [String]? {
        var path = [importer, name]
        var last = name
        while last != importer {
            guard case .underWay(let next?) = entries[last] else { return nil }
            path.append(next)
            last = next
        }
        return path
    }
}
