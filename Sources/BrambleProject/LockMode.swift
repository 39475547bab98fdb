/// How far a command may go beyond what the lock file says; the words mean what they mean in cargo.
package enum LockMode: Sendable, Hashable, CaseIterable {
    /// New facts are fetched and written.
    case update
    /// `--locked`: the network may be used, but the lock file must not change.
    case locked
    /// `--offline`: no network; the lock file may change by what is at hand.
    case offline
    /// `--frozen`: both.
    case frozen

    package init(locked: Bool, offline: Bool, frozen: Bool) {
        switch (locked || frozen, offline || frozen) {
        case (false, false): self = .update
        case (true, false): self = .locked
        case (false, true): self = .offline
        case (true, true): self = .frozen
        }
    }

    package var allowsNetwork: Bool { self == .update || self == .locked }
    package var allowsLockChange: Bool { self == .update || self == .offline }
}
