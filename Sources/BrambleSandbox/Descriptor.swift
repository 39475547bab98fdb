import CBrambleChannels
import Glibc

/// An open file that is closed when its owner is done with it.
struct Descriptor: ~Copyable {
    /// -1 once it is closed.
    private(set) var number: Int32

    /// - Parameter number: An open descriptor, owned from here on.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        if number >= 0 { Glibc.close(number) }
    }

    mutating func close() {
        if number >= 0 { Glibc.close(number) }
        number = -1
    }

    /// Hands the number over: the caller closes it.
    mutating func give() -> Int32 {
        defer { number = -1 }
        return number
    }

    /// A pipe whose reading end doesn't wait.
    static func pipe() throws(SandboxError) -> DescriptorPair {
        try pair("making a pipe", bramble_make_pipe)
    }

    /// A pseudo terminal; reading our end doesn't wait. It is the host's: the sandbox is given an open end, not a name.
    static func terminal() throws(SandboxError) -> DescriptorPair {
        try pair("making a pseudo terminal", bramble_make_terminal)
    }

    private static func pair(
        _ operation: String, _ make: (UnsafeMutablePointer<Int32>?) -> Int32
    ) throws(SandboxError) -> DescriptorPair {
        var ends: [Int32] = [-1, -1]
        guard make(&ends) == 0 else { throw SandboxError(call: operation, number: errno) }
        let pair = DescriptorPair(
            reading: Descriptor(owning: ends[0]), writing: Descriptor(owning: ends[1]))
        pair.reading.stopWaiting()
        return pair
    }

    static func open(_ path: String, _ flags: Int32) throws(SandboxError) -> Descriptor {
        let number = Glibc.open(path, flags | O_CLOEXEC)
        guard number >= 0 else { throw SandboxError(call: "opening `\(path)`", number: errno) }
        return Descriptor(owning: number)
    }

    /// Reading gives `EAGAIN` where it would wait.
    func stopWaiting() {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    }
}

/// Both ends of a pipe or of a pseudo terminal.
struct DescriptorPair: ~Copyable {
    var reading: Descriptor
    var writing: Descriptor
}
