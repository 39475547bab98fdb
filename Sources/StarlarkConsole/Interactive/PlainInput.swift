import Glibc

/// Reads texts line by line as they come, without editing: from a pipe, or from a terminal that can't be drawn on.
struct PlainInput: InputSource {
    /// Whether more lines may make a text complete.
    let isIncomplete: (String) -> Bool
    /// Where the prompts go: nowhere if nobody is there to see them.
    let promptOutput: OutputStream?

    private var reader = LineReader()

    init(promptOutput: OutputStream?, isIncomplete: @escaping (String) -> Bool) {
        self.promptOutput = promptOutput
        self.isIncomplete = isIncomplete
    }

    mutating func next() -> InteractiveInput {
        var text = ""
        while true {
            promptOutput?.write(text.isEmpty ? Prompt.first : Prompt.continuation)
            promptOutput?.flush()
            guard let line = reader.next() else {
                if text.isEmpty { promptOutput?.write("\n") }
                promptOutput?.flush()
                return text.isEmpty ? .end : .text(text)
            }
            text += line + "\n"
            if !isIncomplete(text) { return .text(text) }
        }
    }
}

/// The lines of standard input.
private struct LineReader {
    private var buffer: [UInt8] = []
    private var position = 0
    private var hasEnded = false

    private static let blockSizeBytes = 1 << 16

    /// The next line without its end; nil when there is none.
    mutating func next() -> String? {
        while true {
            if let end = buffer[position...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                return String(decoding: buffer[position..<end], as: UTF8.self)
            }
            if hasEnded { break }
            refill()
        }
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return String(decoding: buffer[position...], as: UTF8.self)
    }

    private mutating func refill() {
        buffer.removeSubrange(..<position)
        position = 0
        let size = LineReader.blockSizeBytes
        let block = [UInt8](unsafeUninitializedCapacity: size) { block, count in
            var result = -1
            repeat {
                result = read(STDIN_FILENO, block.baseAddress, block.count)
            } while result < 0 && errno == EINTR
            count = max(result, 0)
        }
        hasEnded = block.isEmpty
        buffer += block
    }
}
