import SourceDiagnostics

extension Machine {
    /// The functions that are running, innermost first, each with the place where it waits for a call.
    func callStack() -> [CallFrame] {
        (0..<state.pointee.depth).reversed().map { number in
            let frame = state.pointee.frames + number
            let code = frame.pointee.code
            let index = max(frame.pointee.next - code.pointee.instructions - 1, 0)
            return code.pointee.callFrame(at: index)
        }
    }
}

extension Code {
    /// The place of an instruction, for call stacks.
    func callFrame(at index: Int) -> CallFrame {
        let position = positions[index]
        return CallFrame(
            function: StringObject(name).text,
            file: program._withUnsafeGuaranteedRef { $0.file },
            span: SourceSpan(
                start: UInt32(truncatingIfNeeded: position),
                end: UInt32(truncatingIfNeeded: position >> 32)))
    }
}
