import ArgumentParser
import Bramble
import BrambleModel

/// `bramble store path OBJECT`
struct StorePathCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Print where an object is on this machine.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The object, and perhaps a file in it.", valueName: "object"))
    var object: String

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let (name, file) = try store.place(object)
        let path = try store.object(name).diskPath
        console.write(path + (file.isEmpty ? "" : "/" + file) + "\n")
        return .success
    }
}

/// `bramble store ls [OBJECT]`
struct StoreListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List objects, or what is in one.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The object; by default all of them.", valueName: "object"))
    var object: String?

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        guard let object else {
            let objects = try store.objects()
            if json {
                try console.printJSON(ObjectsReport(objects))
            } else {
                for object in objects { console.write("\(object.name) \(object.sizeBytes)\n") }
            }
            return .success
        }
        let entries = try store.entries(of: try store.place(object).name)
        if json {
            try console.printJSON(EntriesReport(entries))
        } else {
            for entry in entries { console.write(ObjectList.line(entry) + "\n") }
        }
        return .success
    }
}

/// `bramble store cat OBJECT/FILE`
struct StorePrintCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Print a file of an object.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The object, and the file in it.", valueName: "file"))
    var file: String

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let (name, path) = try store.place(file)
        let entry = try store.entries(of: name).first { $0.path == path }
        guard case .file = entry?.kind else {
            throw BrambleError(
                .nothingMatched, "`\(name)` has no file `\(path)`",
                hint: "`bramble store ls \(name)` lists what it has")
        }
        try InputFile.readParts(try store.object(name).diskPath + "/" + path) { console.write($0) }
        return .success
    }
}

/// `bramble store du [OBJECT…]`
struct StoreSizeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "du",
        abstract: "Print how large objects are: by themselves, and with all that they refer to.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The objects; by default all of them.", valueName: "object"))
    var objects: [String] = []

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        var chosen: [StoreName] = []
        for text in objects { chosen.append(try store.place(text).name) }
        if objects.isEmpty { chosen = try store.objects().map(\.name) }
        for name in chosen {
            var whole = 0
            for part in try store.closure(of: [name]) { whole += try store.object(part).sizeBytes }
            console.write("\(try store.object(name).sizeBytes) \(whole) \(name)\n")
        }
        return .success
    }
}

/// `bramble store tree OBJECT`
struct StoreTreeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "tree", abstract: "Show what an object refers to, as a tree.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The object.", valueName: "object"))
    var object: String

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let name = try store.object(store.place(object).name).name
        try ReferenceTree.draw(name, references: store.references(of:), console.write)
        return .success
    }
}
