import ArgumentParser
import Bramble
import BrambleModel

/// `bramble store add DIRECTORY`
struct StoreAddCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Copy a directory into the store, and print its path there.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The directory.", valueName: "directory"))
    var directory: String

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let path = try WorkingDirectory.absolutePath(directory)
        console.write("\(try store.add(path).path)\n")
        return .success
    }
}

/// `bramble store export OBJECT…`
struct StoreExportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write objects, with all that they refer to, as one file.",
        discussion: "`bramble store import` reads it, on any machine.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The objects.", valueName: "object"))
    var objects: [String]

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: .init("Where to write it; by default standard output.", valueName: "file"))
    var output: String?

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        var names: [StoreName] = []
        for object in objects { names.append(try store.objectName(object)) }
        guard let output else {
            try store.export(names) { (bytes) throws(BrambleError) in console.write(bytes) }
            return .success
        }
        let file = try OutputFile(output)
        try store.export(names) { (bytes) throws(BrambleError) in try file.write(bytes) }
        return .success
    }
}

/// `bramble store import FILE`
struct StoreImportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add the objects of a file that `bramble store export` has written.")

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("The file; `-` is standard input.", valueName: "file"))
    var file: String

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let input = try InputFile.Parts(file)
        let names = try store.importArchive { (limit) throws(BrambleError) in
            try input.next(limit)
        }
        for name in names { console.write("\(StorePath(name))\n") }
        return .success
    }
}
