import BrambleModel
package import BrambleStore
import Glibc

/// The program that makes a sandbox on a worker: this one, started in another way (`ActionHelper`).
///
/// A static program travels as an input. One that needs libraries of this machine, as builds for development do,
/// can serve only engines of this machine, and is run from where it is.
package struct HelperExecutable: Sendable {
    /// What the engine is told to run.
    let command: String
    /// What it is, if it travels.
    let content: Content?

    struct Content: Sendable {
        let path: String
        let digest: Digest
    }

    /// - Parameter isLocal: Whether the engine is on this machine.
    /// - Throws: `unsupported` if this program cannot travel and would have to; `system`.
    package init(isLocal: Bool) throws(StoreError) {
        let link = "/proc/self/exe"
        let file = try HelperFile(link)
        if try file.isStatic() {
            content = Content(path: link, digest: try file.digest())
            command = "./" + HelperOrder.programPath
            return
        }
        guard isLocal, let path = realpath(link, nil) else {
            throw StoreError(
                .unsupported,
                "this build of bramble needs libraries of this machine, so workers elsewhere cannot run it: "
                    + "engines that run actions in a working directory need a static one")
        }
        defer { free(path) }
        command = String(cString: path)
        content = nil
    }
}

/// An executable file, read in parts.
struct HelperFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    private static let partBytes = 1 << 20

    init(_ path: String) throws(StoreError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(call: "open", path: path, number: errno) }
    }

    deinit { close(descriptor) }

    func read(at offset: Int, limitBytes: Int) throws(StoreError) -> [UInt8] {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limitBytes) { buffer, size in
            count = pread(descriptor, buffer.baseAddress, limitBytes, off_t(offset))
            size = max(0, count)
        }
        guard count >= 0 else { throw StoreError(call: "pread", path: path, number: errno) }
        return bytes
    }

    func digest() throws(StoreError) -> Digest {
        var hasher = ContentHasher()
        var offset = 0
        while true {
            let bytes = try read(at: offset, limitBytes: HelperFile.partBytes)
            if bytes.isEmpty { return hasher.digest }
            bytes.withUnsafeBytes { hasher.update($0) }
            offset += bytes.count
        }
    }

    /// Whether the kernel starts it without an interpreter (elf(5), `PT_INTERP`).
    func isStatic() throws(StoreError) -> Bool {
        let header = try read(at: 0, limitBytes: MemoryLayout<Elf64_Ehdr>.size)
        guard header.count == MemoryLayout<Elf64_Ehdr>.size,
            header.starts(with: [0x7F, 0x45, 0x4C, 0x46])
        else { return false }
        let head = header.withUnsafeBytes { $0.loadUnaligned(as: Elf64_Ehdr.self) }
        let size = MemoryLayout<Elf64_Phdr>.size
        guard Int(head.e_phentsize) == size else { return false }
        let table = try read(at: Int(head.e_phoff), limitBytes: Int(head.e_phnum) * size)
        guard table.count == Int(head.e_phnum) * size else { return false }
        return !(0..<Int(head.e_phnum)).contains { number in
            let entry = table.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: number * size, as: Elf64_Phdr.self)
            }
            return entry.p_type == UInt32(PT_INTERP)
        }
    }
}
