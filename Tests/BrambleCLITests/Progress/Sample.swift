import BrambleModel

@testable import BrambleCLI

/// A derivation as tests of progress name it: its hash can be read too.
struct Sample: Hashable {
    let name: DerivationName
    let hash: DerivationHash

    /// - Parameter text: Begins with what tells the sample from others, as hashes are 32 characters.
    init(_ text: String) throws {
        name = try DerivationName(text)
        let digits = text.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "2"..."7": Character(scalar)
            case "0": "o"
            case "1": "l"
            case "8": "y"
            case "9": "z"
            default: "x"
            }
        }
        let padding = String(repeating: "a", count: max(0, 32 - digits.count))
        hash = try DerivationHash(String(digits.prefix(32)) + padding)
    }

    func started(_ means: BuildEvent.Means = .sandbox, expected: Int? = nil) -> BuildEvent {
        .started(derivation: hash, name: name, by: means, expectedMilliseconds: expected)
    }

    var joined: BuildEvent { .joined(derivation: hash, name: name) }
    var reused: BuildEvent { .reused(derivation: hash, name: name) }

    func fetched(_ bytes: Int, of total: Int? = nil) -> BuildEvent {
        .fetched(derivation: hash, bytes: bytes, of: total)
    }

    func logged(_ text: String) -> BuildEvent { .logged(derivation: hash, text: text) }

    func finished(_ milliseconds: Int) throws -> BuildEvent {
        let key = try BuildKey(hash.description)
        let built = BuiltDerivation(derivation: hash, key: key, outputs: [])
        return .finished(built: built, milliseconds: milliseconds)
    }

    func failed(
        _ reason: BuildFailure.Reason = .builder, _ message: String? = nil, hint: String? = nil
    ) -> BuildEvent {
        let message = message ?? "cannot build `\(name)`: the builder ended with status 1"
        return .failed(
            derivation: hash, name: name, failure: BuildFailure(reason, message, hint: hint))
    }

    func skipped(because cause: Sample) -> BuildEvent {
        .skipped(derivation: hash, name: name, because: cause.hash)
    }
}

/// Events with the time of each, in milliseconds since the build began.
typealias Script = [(at: Int, event: BuildEvent)]

extension BuildProgress {
    /// What is known after a script.
    init(after script: Script) {
        self.init()
        for (at, event) in script { take(event, at: .milliseconds(at)) }
    }
}
