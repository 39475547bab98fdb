package import BrambleModel

/// What is known of what fetches will yield.
package struct FetchFacts: Sendable {
    private struct GitKey: Hashable {
        let url: SourceURL
        let reference: String
    }

    private var hashes: [SourceURL: ContentHash] = [:]
    private var pins: [GitKey: GitPin] = [:]

    package init(urlHashes: [URLHash] = [], gitPins: [GitPin] = []) {
        for fact in urlHashes { add(fact) }
        for pin in gitPins { add(pin) }
    }

    mutating func add(_ fact: URLHash) { hashes[fact.url] = fact.hash }

    mutating func add(_ pin: GitPin) {
        pins[GitKey(url: pin.url, reference: pin.reference)] = pin
    }

    /// What a fetch must yield; what the derivation itself says counts more. nil if nothing is known.
    func hash(of fetch: Derivation.FetchURL) -> ContentHash? { fetch.hash ?? hashes[fetch.url] }

    func pin(of fetch: Derivation.FetchGit) -> GitPin? {
        pins[GitKey(url: fetch.url, reference: fetch.reference)]
    }

    /// The fact that a derivation's result depends on, as text; nil if it fetches nothing, or
    /// nothing is known.
    func text(for derivation: Derivation) -> String? {
        switch derivation.kind {
        case .run, .derivationOutput: nil
        case .fetchURL(let fetch): hash(of: fetch).map { "\($0)" }
        case .fetchGit(let fetch): pin(of: fetch).map { "\($0.commit) \($0.tree)" }
        }
    }

    /// Whether a derivation fetches something of which it is not known what it must be.
    func isUnlocked(_ derivation: Derivation) -> Bool {
        derivation.kind.isFetch && text(for: derivation) == nil
    }
}
