import BrambleModel
import BrambleStore
import Glibc
import TestSupport

/// The store's operations as a program, for tests that need many processes and for benchmarks:
/// `StoreWorker OPERATION STORE [ARGUMENT…]`. What goes wrong ends it with status 1. With `KILL_AT=N`
/// in the environment, it is killed in place of its N-th call of the file system or the database,
/// counted from 0 from when the store is open.
@main enum StoreWorker {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 2 else {
            print("StoreWorker OPERATION STORE [ARGUMENT…]")
            exit(2)
        }
        do {
            let clock = ContinuousClock()
            let start = clock.now
            let faults = killNumber == nil ? nil : CallFaults()
            let store = try LocalStore(arguments[1], options: options(faults))
            let opened = clock.now
            if let faults, let killNumber { faults.plan(killingAt: killNumber) }
            try run(arguments[0], store, Array(arguments.dropFirst(2)))
            if arguments[0] == "export" { return }
            print("opened in \(opened - start), done in \(clock.now - opened)")
        } catch {
            print("\(error)")
            exit(1)
        }
    }

    private static var killNumber: Int? {
        getenv("KILL_AT").flatMap { Int(String(cString: $0)) }
    }

    private static func options(_ faults: CallFaults?) -> LocalStore.Options {
        var options = LocalStore.Options()
        if let faults {
            options.fileSystem = FaultyFileSystem(faults)
            options.databaseProbe = { () throws(StoreError) in try faults.count("sqlite") }
        }
        return options
    }

    private static func run(
        _ operation: String, _ store: LocalStore, _ arguments: [String]
    ) throws {
        switch operation {
        case "add":
            for path in arguments { print(try store.add(directory: path).name) }
        case "add-each": try addEach(store, arguments[0])
        case "collect":
            try store.endLeases()
            let report = try store.collectGarbage(CollectionPolicy(keepSeconds: -10))
            print("removed \(report.objects.count) objects")
        case "checkpoint": print(try store.checkpoint())
        case "export": try export(store, try StoreName(arguments[0]))
        case "import":
            let objects = try store.importArchive { (limit) throws(StoreError) in
                try read(limit)
            }
            for object in objects { print(object.name) }
        case "lock":
            let lock = try store.tryLock(try BuildKey(arguments[0]))
            print(lock == nil ? "taken" : "locked")
            fflush(nil)
            // Until it is killed.
            withExtendedLifetime(lock) { while true { pause() } }
        case "look-up": try lookUp(store, 10_000)
        case "objects":
            for object in try store.objects() { print(object.name) }
        case "register":
            let candidates = try store.objects().map(\.name)
            let outputs = try store.register(
                OutputsToRegister(
                    derivation: try DerivationName("hello"),
                    directories: [.standard: arguments[0]], candidates: candidates,
                    mayBeTaken: true))
            print(outputs[0].name)
        case "sources":
            print("read \(try store.sourceTree(arguments[0]).readCount)")
        case "verify":
            let damages = try store.verify()
            for damage in damages { print(damage) }
            if !damages.isEmpty { exit(1) }
        default:
            print("no operation `\(operation)`")
            exit(2)
        }
    }

    private static func export(_ store: LocalStore, _ name: StoreName) throws {
        let output = Descriptor(STDOUT_FILENO)
        try store.exportClosure(of: [name]) { (bytes) throws(StoreError) in
            try POSIXFileSystem().write(output, bytes)
        }
    }

    private static func read(_ limit: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(StoreError) in
            try POSIXFileSystem().read(
                Descriptor(STDIN_FILENO), into: UnsafeMutableRawBufferPointer(bytes))
        }
        return Array(bytes.prefix(count))
    }

    /// Adds each directory in a directory, as an object of its own.
    private static func addEach(_ store: LocalStore, _ parent: String) throws {
        for name in try names(in: parent).sorted() {
            _ = try store.add(directory: "\(parent)/\(name)")
        }
    }

    private static func names(in path: String) throws -> [String] {
        let fileSystem = POSIXFileSystem()
        let descriptor = try fileSystem.open(Place(path), .directory)
        defer { fileSystem.close(descriptor) }
        return try fileSystem.names(in: descriptor).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func lookUp(_ store: LocalStore, _ count: Int) throws {
        let names = try store.objects().map(\.name)
        guard !names.isEmpty else { return }
        let clock = ContinuousClock()
        let time = try clock.measure {
            for number in 0..<count { _ = try store.findObject(names[number % names.count]) }
        }
        print("a look-up takes \(time / count)")
    }
}
