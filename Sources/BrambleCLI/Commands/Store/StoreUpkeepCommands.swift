import ArgumentParser
import Bramble
import BrambleModel

/// `bramble store verify`
struct StoreVerifyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read every bit of the store, and look whether it is as it should be.",
        discussion: "The status is 11 if something is not, and was not healed.")

    @OptionGroup var global: GlobalOptions
    @Flag(help: "Heal what can be healed, and have the rest built anew.")
    var repair = false

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let result = try store.verify(repairs: repair)
        if json {
            try console.printJSON(Report(result))
        } else {
            for damage in result.damages {
                let path = damage.path.isEmpty ? "" : "/\(damage.path)"
                console.write("\(damage.object)\(path): \(damage.message)\n")
            }
            for repair in result.repairs { console.write("\(repair.object) \(repair.message)\n") }
        }
        if result.damages.isEmpty {
            console.say("nothing is damaged")
            return .success
        }
        let healed = Set(result.repairs.filter(\.isHealed).map(\.object))
        return result.damages.allSatisfy { healed.contains($0.object) } ? .success : .files
    }

    private struct Report: Encodable {
        struct Damage: Encodable {
            let object: StoreName
            let path: String
            let message: String
        }

        let schema = "bramble/verification/1"
        let damages: [Damage]
        let healed: [StoreName]

        init(_ result: Store.VerificationResult) {
            damages = result.damages.map {
                Damage(object: $0.object, path: $0.path, message: $0.message)
            }
            healed = result.repairs.filter(\.isHealed).map(\.object)
        }
    }
}

/// `bramble store reindex`
struct StoreReindexCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "reindex", abstract: "Make the store's index anew from what is on disk.")

    @OptionGroup var global: GlobalOptions

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore(isToBeReindexed: true)
        let (objects, builds, strangers) = try store.reindex()
        for name in strangers {
            console.warn("`\(name)` is no object: its name is not its content's")
        }
        console.say("the index has \(objects) objects and \(builds) builds")
        return .success
    }
}
