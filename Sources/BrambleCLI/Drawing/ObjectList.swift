import Bramble
import BrambleModel

/// What is in an object, for people.
enum ObjectList {
    static func line(_ entry: Store.Entry) -> String {
        switch entry.kind {
        case .directory: entry.path + "/"
        case .symlink(let target): "\(entry.path) -> \(target)"
        case .file(let digest, let isExecutable):
            "\(entry.path)\(isExecutable ? "*" : "") \(digest.sizeBytes)"
        }
    }
}

/// Objects for programs: schema `bramble/objects/1`.
struct ObjectsReport: Encodable {
    struct Object: Encodable {
        let name: StoreName
        let path: StorePath
        let diskPath: String
        let sizeBytes: Int

        enum CodingKeys: String, CodingKey {
            case name, path
            case diskPath = "disk_path"
            case sizeBytes = "size_bytes"
        }
    }

    let schema = "bramble/objects/1"
    let objects: [Object]

    init(_ objects: [Store.Object]) {
        self.objects = objects.map {
            Object(name: $0.name, path: $0.path, diskPath: $0.diskPath, sizeBytes: $0.sizeBytes)
        }
    }
}

/// What is in an object, for programs: schema `bramble/object-entries/1`.
struct EntriesReport: Encodable {
    struct Entry: Encodable {
        let path: String
        /// `file`, `directory` or `symlink`.
        let kind: String
        let digest: Digest?
        let executable: Bool?
        let target: String?
    }

    let schema = "bramble/object-entries/1"
    let entries: [Entry]

    init(_ entries: [Store.Entry]) {
        self.entries = entries.map { entry in
            switch entry.kind {
            case .directory:
                Entry(
                    path: entry.path, kind: "directory", digest: nil, executable: nil, target: nil)
            case .symlink(let target):
                Entry(
                    path: entry.path, kind: "symlink", digest: nil, executable: nil, target: target)
            case .file(let digest, let isExecutable):
                Entry(
                    path: entry.path, kind: "file", digest: digest, executable: isExecutable,
                    target: nil)
            }
        }
    }
}
