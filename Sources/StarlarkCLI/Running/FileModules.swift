import SourceDiagnostics
import Starlark
import StarlarkConsole
import Synchronization

/// The files that a program is made of: the one that was asked for, and what `load` statements name.
///
/// The name of a module is the path that led to it first, however many others do.
final class FileModules: Sendable {
    /// The program that everything begins with.
    let main: SourceFile
    private let mainIdentity: SourceReader.FileIdentity?
    private let paths: Mutex<[SourceReader.FileIdentity: String]>

    /// - Parameter identity: Of the program's file, if it comes from one.
    init(main: SourceFile, identity: SourceReader.FileIdentity?) {
        self.main = main
        mainIdentity = identity
        paths = Mutex(identity.map { [$0: main.name] } ?? [:])
    }

    /// The module that `load(name, …)` means in the module `importer`.
    ///
    /// - Throws: `FileFailure` or `LoadFailure`.
    func resolve(_ name: String, _ importer: String) throws -> String {
        guard !name.isEmpty, !name.utf8.contains(0) else { throw LoadFailure() }
        let path = name.utf8.first == UInt8(ascii: "/") ? name : folder(of: importer) + name
        let identity = try SourceReader.identity(of: path)
        return paths.withLock { paths in
            if let known = paths[identity] { return known }
            paths[identity] = path
            return path
        }
    }

    /// The text of a module.
    ///
    /// - Throws: `FileFailure`.
    func source(_ name: String) throws -> SourceFile {
        if name == main.name { return main }
        return SourceFile(name: name, bytes: try SourceReader.read(name).bytes)
    }

    /// The part of a module's path up to its last slash; empty without one, and for a program that
    /// is not in a file.
    private func folder(of module: String) -> Substring {
        guard module != main.name || mainIdentity != nil,
            let slash = module.utf8.lastIndex(of: UInt8(ascii: "/"))
        else { return "" }
        return module[...slash]
    }
}

/// The name in a `load` statement can't be a path.
struct LoadFailure: Error, CustomStringConvertible {
    let description = "the name is no path"
}
