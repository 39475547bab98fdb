/// Writes a JSON text anew with one element a line.
///
/// It keeps its own stack, so that only memory limits the depth.
struct JSONIndentation: ~Copyable {
    struct Style {
        /// Begins every line but the first.
        var prefix = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        /// Once for every level; a tab if nil.
        var indent: UnsafeBufferPointer<UInt8>?
    }

    private(set) var text: ByteBuilder
    private var source: JSONText
    private let style: Style
    /// The closing brackets of the containers around the place, innermost last.
    private var closers: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ style: Style, _ arena: Arena) {
        text = ByteBuilder(arena)
        source = JSONText(bytes, unexpected: "invalid")
        self.style = style
    }

    /// Writes the whole text.
    mutating func run() throws(Failure) {
        repeat {
            let opened = try copyToken()
            if !opened { try finishValue() }
        } while !closers.isEmpty
        try source.expectEnd()
    }

    /// Copies a value or the opening bracket of a container and, in an object, the key before it.
    /// Whether a container is open now whose first element comes next.
    private mutating func copyToken() throws(Failure) -> Bool {
        if closers.last == UInt8(ascii: "}") { try copyKey() }
        let byte = try source.next()
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let closer = byte + 2
            source.position += 1
            try text.append(byte)
            if try source.next() == closer {
                source.position += 1
                try text.append(closer)
                return false
            }
            closers.append(closer)
            try startLine()
            return true
        case UInt8(ascii: "\""): try copyString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try copy(try source.skipNumber().content)
        case UInt8(ascii: "n") where source.skip("null"): try text.append("null")
        case UInt8(ascii: "t") where source.skip("true"): try text.append("true")
        case UInt8(ascii: "f") where source.skip("false"): try text.append("false")
        default: throw source.unexpectedCharacter(" looking for beginning of value")
        }
        return false
    }

    /// Copies what follows a value: the brackets that close, then a comma if there is more.
    private mutating func finishValue() throws(Failure) {
        while let closer = closers.last {
            let byte = try source.next()
            if byte == UInt8(ascii: ",") {
                source.position += 1
                try text.append(byte)
                return try startLine()
            }
            if byte != closer {
                throw source.unexpectedCharacter(" after element")
            }
            source.position += 1
            closers.removeLast()
            try startLine()
            try text.append(closer)
        }
    }

    private mutating func copyKey() throws(Failure) {
        if try source.next() != UInt8(ascii: "\"") {
            throw source.unexpectedCharacter(" looking for beginning of object key string")
        }
        try copyString()
        if try source.next() != UInt8(ascii: ":") {
            throw source.unexpectedCharacter(" after object key")
        }
        source.position += 1
        try text.append(": ")
    }

    private mutating func copyString() throws(Failure) {
        let content = try source.skipString().content
        try copy(content.lowerBound - 1..<content.upperBound + 1)
    }

    private mutating func copy(_ range: Range<Int>) throws(Failure) {
        try text.append(UnsafeBufferPointer(rebasing: source.bytes[range]))
    }

    private mutating func startLine() throws(Failure) {
        try text.append(UInt8(ascii: "\n"))
        try text.append(style.prefix)
        guard let indent = style.indent else {
            return try text.append(repeating: UInt8(ascii: "\t"), count: closers.count)
        }
        for _ in closers { try text.append(indent) }
    }
}
