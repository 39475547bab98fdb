package import BrambleModel
package import BrambleSandbox
package import BrambleStore

extension BuildFailure {
    /// A failure of the store, while a derivation was built.
    package init(_ error: StoreError, building name: DerivationName) {
        switch error.code {
        case .unsupported, .cycle:
            self.init(.output, "cannot build `\(name)`: \(error.message)")
        case .system, .database, .indexLost, .corrupt, .notFound, .incompatible, .malformed:
            self.init(.store, "cannot build `\(name)`: \(error.message)")
        case .unreachable, .forbidden:
            self.init(.remote, "cannot build `\(name)`: \(error.message)")
        }
    }

    package init(_ error: SandboxError, building name: DerivationName) {
        let reason: Reason =
            switch error.code {
            case .unavailable, .resources: .sandbox
            case .program, .invalidCommand: .builder
            case .mount: .store
            }
        self.init(reason, "cannot build `\(name)`: \(error.message)", hint: error.hint)
    }

    /// How a builder failed; nil if it didn't.
    ///
    /// - Throws: `CancellationError` if it was stopped because the task was cancelled.
    init?(_ result: SandboxResult, _ job: BuildJob) throws {
        let name = job.resolved.name
        switch result.ending {
        case .exited(status: 0): return nil
        case .exited(let status): self.init(job, endedWith: Int(status))
        case .signalled(let signal): self.init(job, endedBySignal: Int(signal))
        case .stopped(.cancelled): throw CancellationError()
        case .stopped(let reason):
            self.init(
                reason == .killedFromOutside ? .builder : .limit,
                "cannot build `\(name)`: \(reason.text(job.limits))", hint: reason.hint)
        }
    }
}

extension BuildFailure {
    /// A builder has ended with a status other than 0.
    package init(_ job: BuildJob, endedWith status: Int) {
        self.init(
            .builder,
            "cannot build `\(job.resolved.name)`: `\(job.programName)` ended with status \(status)",
            status: status)
    }
}

extension BuildFailure {
    /// A builder was ended by a signal.
    package init(_ job: BuildJob, endedBySignal signal: Int) {
        self.init(
            .builder,
            "cannot build `\(job.resolved.name)`: `\(job.programName)` was ended by signal \(signal)",
            status: 128 + signal)
    }
}

extension BuildJob {
    /// Its whole path is a store's, and says less than its name.
    fileprivate var programName: String {
        command.first?.split(separator: "/").last.map(String.init) ?? ""
    }
}

extension SandboxResult.StopReason {
    fileprivate func text(_ limits: BuildLimits) -> String {
        switch self {
        case .timeout: "it ran longer than \(BuildFailure.seconds(limits.timeout))"
        case .silence: "it wrote nothing for \(BuildFailure.seconds(limits.maximumSilence))"
        case .outputSize: "it wrote more than \(limits.outputBytes ?? 0) bytes to its outputs"
        case .logSize: "it wrote more than \(limits.logBytes) bytes to its log"
        case .killedFromOutside: "it was killed, most likely for want of memory"
        case .cancelled: "it was stopped"
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .timeout: "`--timeout` sets the limit"
        case .silence: "`--max-silent` sets the limit"
        case .outputSize: "`--max-output` sets the limit"
        case .logSize, .killedFromOutside, .cancelled: nil
        }
    }
}

extension BuildFailure {
    fileprivate static func seconds(_ duration: Duration?) -> String {
        guard let duration else { return "it may" }
        let seconds = duration / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
