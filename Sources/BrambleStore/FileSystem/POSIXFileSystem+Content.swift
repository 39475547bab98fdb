internal import Glibc

extension POSIXFileSystem {
    package func read(
        _ descriptor: Descriptor, into buffer: UnsafeMutableRawBufferPointer
    ) throws(StoreError) -> Int {
        try transfer("read", descriptor) {
            Glibc.read(descriptor.number, buffer.baseAddress, buffer.count)
        }
    }

    package func read(
        _ descriptor: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(StoreError) -> Int {
        try transfer("pread", descriptor) {
            pread(descriptor.number, buffer.baseAddress, buffer.count, offset)
        }
    }

    package func write(
        _ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer
    ) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = try transfer("write", descriptor) {
                Glibc.write(descriptor.number, part.baseAddress, part.count)
            }
            rest = rest.dropFirst(count)
        }
    }

    package func write(
        _ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let position = offset + bytes.count - part.count
            let count = try transfer("pwrite", descriptor) {
                pwrite(descriptor.number, part.baseAddress, part.count, position)
            }
            rest = rest.dropFirst(count)
        }
    }

    private func transfer(
        _ call: String, _ descriptor: Descriptor, _ body: () -> Int
    ) throws(StoreError) -> Int {
        while true {
            let count = body()
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw StoreError(call: call, path: describe(descriptor), number: errno)
            }
        }
    }

    package func names(in directory: Descriptor) throws(StoreError) -> [[UInt8]] {
        // How far a directory was read belongs to the descriptor, and others may use that one.
        let own = try open(Place(directory, "."), .directory)
        defer { close(own) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: POSIXFileSystem.entriesBytes, alignment: 8)
        defer { buffer.deallocate() }
        var names: [[UInt8]] = []
        while true {
            let count = getdents64(own.number, buffer.baseAddress, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw StoreError(call: "getdents", path: describe(directory), number: errno)
            }
            if count == 0 { return names }
            var offset = 0
            while offset < count {
                // man 2 getdents: inode 8, offset 8, length 2, type 1, name with a NUL.
                let entry = UnsafeRawBufferPointer(rebasing: buffer[offset..<count])
                let length = Int(entry.loadUnaligned(fromByteOffset: 16, as: UInt16.self))
                let rest = UnsafeRawBufferPointer(rebasing: entry[19..<length])
                let name = rest.prefix(rest.firstIndex(of: 0) ?? rest.count)
                offset += length
                if name.count <= 2, name.allSatisfy({ $0 == UInt8(ascii: ".") }) { continue }
                names.append(Array(name))
            }
        }
    }

    /// Room for some hundred entries: one call for most directories.
    private static let entriesBytes = 32 << 10
}

/// man 2 getdents64. `readdir` takes two calls more. The headers
/// show it to programs of GNU only, which Swift's module of them is not.
@_silgen_name("getdents64") private func getdents64(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int
) -> Int
