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
        // `fdopendir` takes its descriptor over, so it gets one of its own.
        let number = try check("open", Place(directory, ".")) {
            Glibc.openat($0, $1, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard let stream = fdopendir(number) else {
            let failure = errno
            _ = Glibc.close(number)
            throw StoreError(call: "fdopendir", path: describe(directory), number: failure)
        }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else {
                    throw StoreError(call: "readdir", path: describe(directory), number: errno)
                }
                return names
            }
            let name = POSIXFileSystem.name(of: entry)
            if name != [dot] && name != [dot, dot] { names.append(name) }
        }
    }

    private var dot: UInt8 { UInt8(ascii: ".") }

    /// The entry's name. `d_name` is declared with 256 bytes, but the kernel gives an entry only
    /// the bytes it needs, so the field must not be copied whole.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else {
            preconditionFailure("a directory entry without a name")
        }
        let start = UnsafeRawPointer(entry).advanced(by: offset)
        let length = strlen(start.assumingMemoryBound(to: CChar.self))
        return Array(UnsafeRawBufferPointer(start: start, count: length))
    }
}
