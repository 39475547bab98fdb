/// A running evaluation, as builtins see it: a trivial handle, valid while the evaluation lasts.
package struct Machine: BitwiseCopyable {
    let state: UnsafeMutablePointer<MachineState>

    @inline(__always) var arena: Arena { state.pointee.arena }

    /// What the host configured.
    var context: EvaluationContext {
        state.pointee.context._withUnsafeGuaranteedRef { $0 }
    }

    /// What `print` does with a line, which has no line end yet.
    func printLine(_ bytes: UnsafeBufferPointer<UInt8>) { context.printHandler(bytes) }

    /// Fails if the stack has no room up to `end`.
    @inline(__always)
    func reserveStack(_ end: UnsafeMutablePointer<Value>) throws(Failure) {
        if end > state.pointee.stackLimit { try raiseStackLimit(end) }
    }

    @inline(never)
    private func raiseStackLimit(_ end: UnsafeMutablePointer<Value>) throws(Failure) {
        guard end <= state.pointee.stackEnd else {
            throw Failure.limit("stack overflow: calls nested too deeply, or too many arguments")
        }
        state.pointee.stackLimit = min(end + MachineState.stackStep, state.pointee.stackEnd)
    }

    /// Where arguments for a call by a builtin can stand: above everything in use.
    var freeStack: UnsafeMutablePointer<Value> {
        guard state.pointee.depth > 0 else { return state.pointee.stack }
        let frame = state.pointee.frames + (state.pointee.depth - 1)
        return max(frame.pointee.end, state.pointee.scratchEnd)
    }
}

/// What the interpreter loop works on, at a fixed address. Plain pointers and numbers only.
struct MachineState {
    var arena: Arena
    /// Counts down at every backward jump and call of a function; below zero, `Interpreter.interrupt` looks at
    /// the limits. It is looked at behind what may have made a large object, too.
    var fuel = 0
    /// What `fuel` was set to last, to know how many steps were taken.
    var fuelGranted = 0
    /// The registers of all running functions, one window above the other. Every word is zero or a
    /// value that is valid, or was since the last collection.
    var stack: UnsafeMutablePointer<Value>
    /// What lies above was not touched since the last collection, and is zero.
    var stackLimit: UnsafeMutablePointer<Value>
    var stackEnd: UnsafeMutablePointer<Value>
    /// The end of arguments that stand above the top frame's registers; else not above them.
    var scratchEnd: UnsafeMutablePointer<Value>
    var frames: UnsafeMutablePointer<Frame>
    /// The number of frames in use.
    var depth = 0
    var maximumDepth: Int
    /// How many interpreter loops are running, each called by a builtin of the one before.
    var loopDepth = 0
    /// See `MethodTable`.
    let methods: UnsafePointer<Unmanaged<Builtin>?>
    let methodCount: Int
    let appendMethod: Int
    let context: Unmanaged<EvaluationContext>

    /// Registers in all, 8 bytes each. The memory is taken only as it is used.
    static let stackSize = 1 << 20
    /// By so many registers `stackLimit` is raised.
    static let stackStep = 1 << 12
}

/// One running function.
struct Frame {
    var code: UnsafeMutablePointer<Code>
    /// The next instruction; kept up to date only while the function waits for a call.
    var next: UnsafeMutablePointer<Instruction>
    var registers: UnsafeMutablePointer<Value>
    var function: Value
    var globals: UnsafeMutablePointer<Value>
    /// Where the result goes.
    var result: UnsafeMutablePointer<Value>

    @inline(__always) var end: UnsafeMutablePointer<Value> {
        registers + code.pointee.registerCount
    }
}

/// The globals of one module: after them stand the predeclared values that its program uses.
struct GlobalsRecord {
    var values: UnsafeMutablePointer<Value>
    var count: Int
    var program: Unmanaged<Program>
}
