/// A pattern for paths: `*`, `?`, `[…]` and `{a,b}` within a component, `**` for any number of them.
///
/// Matching a component takes time proportional to the product of its length and the pattern's, and
/// matching a path the same in components, whatever the pattern: only the last `*` (or `**`) is ever
/// tried again, because what stands before it has matched as early as it can.
package struct GlobPattern: Hashable, Sendable {
    enum Component: Hashable, Sendable {
        case literal([UInt8])
        case wildcard([Token])
        /// `**`
        case anyDepth
    }

    enum Token: Hashable, Sendable {
        case byte(UInt8)
        /// `?`: one character.
        case one
        /// `*`: any characters.
        case any
        /// `[a-z]`; with `!`, any other.
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    /// More alternatives of `{…}` than these, all multiplied, are refused.
    package static let maximumAlternatives = 1_000
    package static let maximumBytes = 4_096

    /// The pattern without braces: each alternative by components.
    let alternatives: [[Component]]

    /// - Throws: What is wrong with the pattern, `configuration` or `limit`.
    package init(_ text: String) throws(ProjectError) {
        guard text.utf8.count <= GlobPattern.maximumBytes else {
            throw ProjectError(.limit, "a pattern is longer than \(GlobPattern.maximumBytes) bytes")
        }
        if text.isEmpty || text.hasPrefix("/") {
            throw ProjectError(
                .configuration, text.isEmpty ? "a pattern is empty" : "`\(text)` is absolute",
                hint: "patterns are relative to the folder of the file that calls `files`")
        }
        var alternatives: [[Component]] = []
        for expansion in try GlobBraces.expand(text) {
            var components: [Component] = []
            for part in expansion.split(separator: "/", omittingEmptySubsequences: true)
            where part != "." {
                components.append(try GlobPattern.component(Array(part.unicodeScalars), of: text))
            }
            alternatives.append(components)
        }
        self.alternatives = alternatives
    }

    /// Whether a path matches, given by its components.
    package func matches(_ path: [String]) -> Bool {
        let path = path.map { Array($0.utf8) }
        return alternatives.contains { GlobPattern.matches($0, path) }
    }

    // MARK: Matching

    private static func matches(_ pattern: [Component], _ path: [[UInt8]]) -> Bool {
        var (patternIndex, pathIndex) = (0, 0)
        var retry: (pattern: Int, path: Int)?
        while pathIndex < path.count {
            if patternIndex < pattern.count, case .anyDepth = pattern[patternIndex] {
                retry = (patternIndex + 1, pathIndex)
                patternIndex += 1
            } else if patternIndex < pattern.count,
                matches(pattern[patternIndex], path[pathIndex])
            {
                patternIndex += 1
                pathIndex += 1
            } else if let last = retry {
                retry = (last.pattern, last.path + 1)
                (patternIndex, pathIndex) = (last.pattern, last.path + 1)
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == .anyDepth }
    }

    static func matches(_ component: Component, _ name: [UInt8]) -> Bool {
        switch component {
        case .anyDepth: true
        case .literal(let bytes): bytes == name
        case .wildcard(let tokens): matches(tokens, name)
        }
    }

    private static func matches(_ tokens: [Token], _ name: [UInt8]) -> Bool {
        var (token, offset) = (0, 0)
        var retry: (token: Int, offset: Int)?
        while offset < name.count {
            if token < tokens.count, case .any = tokens[token] {
                retry = (token + 1, offset)
                token += 1
            } else if token < tokens.count, let length = length(tokens[token], name, offset) {
                token += 1
                offset += length
            } else if let last = retry {
                retry = (last.token, last.offset + 1)
                (token, offset) = (last.token, last.offset + 1)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .any }
    }

    /// How many bytes a token takes at an offset; nil if it does not match there.
    private static func length(_ token: Token, _ name: [UInt8], _ offset: Int) -> Int? {
        if case .byte(let byte) = token { return name[offset] == byte ? 1 : nil }
        var decoder = UTF8()
        var bytes = name[offset...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return nil }
        if case .set(let ranges, let isNegated) = token {
            let isIn = ranges.contains { $0.contains(scalar.value) }
            guard isIn != isNegated else { return nil }
        }
        return UTF8.width(scalar)
    }

    // MARK: Parsing

    private static func component(
        _ text: [Unicode.Scalar], of pattern: String
    ) throws(ProjectError) -> Component {
        if text == ["*", "*"] { return .anyDepth }
        var tokens: [Token] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case "*":
                if tokens.last == .any {
                    throw ProjectError(
                        .configuration, "`**` is not a whole component in `\(pattern)`",
                        hint: "write `**/*.c` for files in any folder")
                }
                tokens.append(.any)
            case "?": tokens.append(.one)
            case "[": tokens.append(try set(text, &index, of: pattern))
            default: tokens += UTF8.encode(text[index]).map { $0.map { .byte($0) } } ?? []
            }
            index += 1
        }
        var literal: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { return .wildcard(tokens) }
            literal.append(byte)
        }
        return .literal(literal)
    }

    /// - Parameter index: At `[`; afterwards at `]`.
    private static func set(
        _ text: [Unicode.Scalar], _ index: inout Int, of pattern: String
    ) throws(ProjectError) -> Token {
        var next = index + 1
        let isNegated = next < text.count && (text[next] == "!" || text[next] == "^")
        if isNegated { next += 1 }
        let first = next
        var ranges: [ClosedRange<UInt32>] = []
        // A `]` right at the start is one of the characters.
        while next < text.count, text[next] != "]" || next == first {
            let low = text[next].value
            var high = low
            if next + 2 < text.count, text[next + 1] == "-", text[next + 2] != "]" {
                high = text[next + 2].value
                next += 2
            }
            guard low <= high else {
                throw ProjectError(
                    .configuration, "a range in `\(pattern)` ends before it starts",
                    hint: "write the lower character first, as in `[a-z]`")
            }
            ranges.append(low...high)
            next += 1
        }
        guard next < text.count else {
            throw ProjectError(
                .configuration, "`[` is not closed in `\(pattern)`",
                hint: "put `]` behind the characters, or write `[[]` for the bracket itself")
        }
        index = next
        return .set(ranges, isNegated: isNegated)
    }
}
