import ArgumentParser
import Bramble
import BrambleModel

/// `bramble store roots …`
struct StoreRootsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roots",
        abstract: "List, add and remove reasons to keep objects.",
        discussion: """
            `bramble gc` keeps what a root names, with all that it refers to. Targets become roots \
            when they are built, and links of `build -o` are roots as long as they are there.
            """,
        subcommands: [
            StoreRootListCommand.self, StoreRootAddCommand.self, StoreRootRemoveCommand.self,
        ], defaultSubcommand: StoreRootListCommand.self)
}

/// `bramble store roots list`
struct StoreRootListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List objects that are kept, and why.",
        discussion: "A line for each: the object, the kind of root, what it is known by.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let roots = try console.openStore().roots()
        if json {
            try console.printJSON(Report(roots))
            return .success
        }
        for root in roots {
            for object in root.objects {
                console.write("\(object) \(root.kind.rawValue) \(root.owner)\n")
            }
        }
        return .success
    }

    /// Schema `bramble/roots/1`.
    private struct Report: Encodable {
        struct Root: Encodable {
            let kind: String
            let owner: String
            let objects: [StoreName]
        }

        let schema = "bramble/roots/1"
        let roots: [Root]

        init(_ roots: [Store.Root]) {
            self.roots = roots.map {
                Root(kind: $0.kind.rawValue, owner: $0.owner, objects: $0.objects)
            }
        }
    }
}

/// `bramble store roots add NAME OBJECT…`
struct StoreRootAddCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Keep objects until the root is removed.",
        discussion: "A root of that name is replaced.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("What the root is to be known by.", valueName: "name"))
    var name: String

    @Argument(help: .init("The objects.", valueName: "object"))
    var objects: [String]

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        var names: [StoreName] = []
        for object in objects { names.append(try store.objectName(object)) }
        try store.addRoot(name, to: names)
        return .success
    }
}

/// `bramble store roots remove NAME`
struct StoreRootRemoveCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a root; the next `bramble gc` may take its objects.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("What it is known by, as it is listed.", valueName: "name"))
    var name: String

    func run(_ console: Console) throws -> ExitStatus {
        try console.openStore().removeRoots(of: name)
        return .success
    }
}
