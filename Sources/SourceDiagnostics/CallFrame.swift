/// One function of a call stack, and the place it has reached.
public struct CallFrame: Sendable {
    /// The function's name; `<toplevel>` for the statements of a file.
    public var function: String
    public var file: SourceFile
    public var span: SourceSpan

    public init(function: String, file: SourceFile, span: SourceSpan) {
        self.function = function
        self.file = file
        self.span = span
    }
}
