/// The compiled body of one function (or of a file's top level), at a fixed address owned by its `Program`.
///
/// Everything the machine reads while it runs is a plain pointer or number, so that no reference is
/// counted there.
struct Code {
    var instructions: UnsafeMutablePointer<Instruction>
    var instructionCount: Int
    /// For each instruction: the span in the source, start in the low half, end in the high half.
    var positions: UnsafeMutablePointer<UInt64>
    /// The program's constants.
    var constants: UnsafeMutablePointer<Value>
    /// The program's tables of attribute names and call sites.
    var attributeNames: UnsafeMutablePointer<AttributeName>
    var callSites: UnsafeMutablePointer<CallSite>
    /// The loops whose iterations must be ended when the function is left by an error.
    var loops: UnsafeMutablePointer<LoopRange>
    var loopCount: Int

    /// A string.
    var name: Value
    var registerCount: Int
    /// Positional and keyword-only parameters, without `*args` and `**kwargs`.
    var parameterCount: Int
    /// Of those, how many take positional arguments.
    var positionalCount: Int
    var hasStar: Bool
    var hasStarStar: Bool
    /// Only positional parameters: the common case, which the machine does itself.
    var isSimple: Bool
    /// Whether to look for the function among the running ones before it is called: not if the dialect
    /// allows recursion, nor if nothing can be called while it runs.
    var checksRecursion: Bool
    /// Strings, in the order of the registers, `*args` and `**kwargs` at the end.
    var parameterNames: UnsafeMutablePointer<Value>
    /// For each parameter: the number of its default value, or -1.
    var defaultNumbers: UnsafeMutablePointer<Int32>
    var defaultCount: Int
    var captures: UnsafeMutablePointer<CaptureSource>
    var captureCount: Int

    /// The program, which owns this code.
    var program: Unmanaged<Program>

    /// The position of the step that a function begins with if it was compiled for profiling.
    static let entryMark = UInt64.max
}

/// The instructions `start ..< end` run while the iteration in register `register` is under way.
struct LoopRange {
    var start: UInt32
    var end: UInt32
    var register: UInt32
}

/// Where a new function finds a cell that it captures.
struct CaptureSource {
    /// In a register of the function that makes it; else among that function's own captures.
    var isLocal: Bool
    var index: UInt32
}

/// What a call with keywords or unpacked arguments passes. In the registers after the callee stand the
/// positional arguments, the keyword arguments' values, then the operands of `*` and `**`.
struct CallSite {
    var positionalCount: Int
    var keywordCount: Int
    /// The first of the keyword names among the program's constants, where they stand in sequence.
    var firstName: Int
    var hasStar: Bool
    var hasStarStar: Bool
}

/// A `load` statement.
struct LoadSite {
    var module: String
    var moduleSpan: UInt64
    /// What is bound to which global: a name of the module, or, if it is nil, the module itself.
    var bindings: [(name: String?, global: Int, span: UInt64)]
}

/// A name after a dot: the string, and its number among the names of builtin methods (0: none of them).
struct AttributeName {
    var string: Value
    var method: Int
}
