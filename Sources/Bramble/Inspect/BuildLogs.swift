import BrambleBuild
public import BrambleModel
import BrambleStore

/// The log of a derivation's last build.
public struct BuildLogText: Sendable {
    public let name: DerivationName
    /// nil if that build succeeded.
    public let failure: BuildFailure?
    let log: Digest?
}

extension Store {
    /// Finds the log of the last build of a derivation, on this machine.
    ///
    /// - Throws: `nothingMatched` if it was never built here, or was collected.
    public func log(of derivation: DerivationHash) throws(BrambleError) -> BuildLogText {
        let found = try BrambleError.storing { () throws(StoreError) -> BuildLogText? in
            let failure = try FailureRecord.find(derivation, in: local)
            if let key = try BuildMemory.lastKey(of: derivation, in: local),
                let record = try local.findBuild(key),
                record.facts.finishedAt >= failure?.failedAt ?? 0
            {
                return BuildLogText(
                    name: record.facts.derivation, failure: nil, log: record.facts.log)
            }
            return failure.map {
                BuildLogText(name: $0.name, failure: $0.failure, log: $0.log)
            }
        }
        guard let found else {
            throw BrambleError(
                .nothingMatched, "there is no log of the derivation `\(derivation)`",
                hint: "it was not built on this machine, or its log was collected")
        }
        return found
    }

    /// Reads a log, part by part.
    public func read(_ log: BuildLogText, _ body: ([UInt8]) -> Void) throws(BrambleError) {
        guard let digest = log.log else { return }
        try BrambleError.storing { () throws(StoreError) in
            try local.readBlob(digest) { (part) throws(StoreError) in body(Array(part)) }
        }
    }
}
