/// A place in a source file for people: both numbers start at 1.
///
/// A column is a Unicode scalar, whatever its width on a screen; a byte of invalid UTF-8 that is
/// not a continuation byte counts as one.
public struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// `line:column`
    public var description: String { "\(line):\(column)" }
}
