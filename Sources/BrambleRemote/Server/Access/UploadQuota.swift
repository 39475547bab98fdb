internal import SwiftProtobuf
internal import Synchronization

/// How much each client may upload: so much at once, and as much again in each hour.
package final class UploadQuota: Sendable {
    private struct Account {
        var bytesLeft: Double
        var lastUse: ContinuousClock.Instant
    }

    /// nil for no limit.
    private let bytesPerHour: Int?
    private let accounts = Mutex<[Caller: Account]>([:])

    /// Of those who are not seen for an hour nothing needs to be known; this many are looked through at once.
    private static let accountsToTidy = 1000
    private static let secondsPerHour = 3600.0

    package init(bytesPerHour: Int?) {
        self.bytesPerHour = bytesPerHour
    }

    /// - Throws: `quota` if it is used up, with the time until this much may be uploaded.
    package func spend(
        _ count: Int, _ caller: Caller, now: ContinuousClock.Instant = .now
    ) throws(CacheError) {
        guard let bytesPerHour else { return }
        let all = Double(bytesPerHour)
        let lacking = accounts.withLock { accounts -> Double in
            tidy(&accounts, now)
            var account = accounts[caller] ?? Account(bytesLeft: all, lastUse: now)
            let seconds = (now - account.lastUse) / .seconds(1)
            account.bytesLeft = min(
                all, account.bytesLeft + seconds * all / UploadQuota.secondsPerHour)
            account.lastUse = now
            let lacking = Double(count) - account.bytesLeft
            if lacking <= 0 { account.bytesLeft -= Double(count) }
            accounts[caller] = account
            return lacking
        }
        guard lacking > 0 else { return }
        let delay = Duration.seconds(lacking / all * UploadQuota.secondsPerHour)
        throw CacheError(
            .quota(retryAfter: delay),
            "`\(caller.name)` has uploaded the \(bytesPerHour) bytes that it may within an hour")
    }

    private func tidy(_ accounts: inout [Caller: Account], _ now: ContinuousClock.Instant) {
        guard accounts.count > UploadQuota.accountsToTidy else { return }
        accounts = accounts.filter {
            now - $0.value.lastUse < .seconds(UploadQuota.secondsPerHour)
        }
    }
}
