import FoundationEssentials
import TestKit

/// A directory of anything that a tree can hold.
struct RandomTree {
    private var random: SeededRandom
    private var directories: [String] = []
    private var files: [(path: String, bytes: [UInt8], isExecutable: Bool)] = []
    private var symlinks: [(path: String, target: String)] = []

    private static let letters = [
        "a", "B", "é", "e\u{301}", " ", "-", ".x", "日", "\n", "\\", "7", "😀",
    ]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        fill("", depth: 0)
    }

    private mutating func fill(_ path: String, depth: Int) {
        var names: Set<[UInt8]> = []
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let name = name()
            guard names.insert(Array(name.utf8)).inserted else { continue }
            let inner = path + "/" + name
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: addFile(inner)
            case 5..<8 where depth < 4:
                directories.append(inner)
                fill(inner, depth: depth + 1)
            default:
                symlinks.append((inner, self.name()))
            }
        }
    }

    private mutating func addFile(_ path: String) {
        let sizes = [0, 1, 31, 32, 4096, 100_000, 1 << 20, 1 << 20 + 1]
        let size = sizes[Int.random(in: 0..<sizes.count, using: &random)]
        let start = UInt8.random(in: 0...255, using: &random)
        var bytes = [UInt8](repeating: start, count: size)
        for index in stride(from: 0, to: size, by: 997) { bytes[index] &+= 1 }
        files.append((path, bytes, Bool.random(using: &random)))
    }

    private mutating func name() -> String {
        if Int.random(in: 0..<20, using: &random) == 0 { return String(repeating: "n", count: 255) }
        let count = Int.random(in: 1...4, using: &random)
        return "n"
            + (0..<count).map { _ in
                RandomTree.letters[Int.random(in: 0..<RandomTree.letters.count, using: &random)]
            }.joined()
    }

    /// - Returns: Where it is.
    func make(in fixture: StoreFixture, as name: String) throws -> String {
        let root = fixture.scratch.path + "/" + name
        let manager = FileManager.default
        try manager.createDirectory(atPath: root, withIntermediateDirectories: true)
        for directory in directories {
            try manager.createDirectory(atPath: root + directory, withIntermediateDirectories: true)
        }
        for file in files {
            _ = manager.createFile(
                atPath: root + file.path, contents: Data(file.bytes),
                attributes: [.posixPermissions: file.isExecutable ? 0o755 : 0o600])
        }
        for symlink in symlinks {
            try manager.createSymbolicLink(
                atPath: root + symlink.path, withDestinationPath: symlink.target)
        }
        return root
    }
}
