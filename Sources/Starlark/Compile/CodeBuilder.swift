import SourceDiagnostics

/// The code of one function while it is written.
struct CodeBuilder {
    var instructions: [Instruction] = []
    var positions: [UInt64] = []
    var loops: [LoopRange] = []
    /// The registers below are taken: locals first, then temporaries, as a stack.
    var nextRegister: Int
    var registerCount: Int
    /// The span that the next instructions get.
    var position: UInt64 = 0
    var makesCalls = false
    /// Set when a register number would not fit into an instruction.
    var isTooLarge = false

    static let maximumRegister = 0xfff0

    init(localCount: Int) {
        nextRegister = localCount
        registerCount = localCount
    }

    var count: Int { instructions.count }

    @discardableResult
    mutating func emit(_ instruction: Instruction) -> Int {
        instructions.append(instruction)
        positions.append(position)
        return instructions.count - 1
    }

    /// Puts instructions that do not jump before all others.
    mutating func prepend(_ first: [Instruction]) {
        let count = UInt32(first.count)
        instructions.insert(contentsOf: first, at: 0)
        positions.insert(contentsOf: Array(repeating: 0, count: first.count), at: 0)
        // Jumps are relative; only the ranges of loops are not.
        for index in loops.indices {
            loops[index].start += count
            loops[index].end += count
        }
    }

    /// A new temporary. Give it back by setting `nextRegister` to what it was before.
    mutating func allocate() -> Int {
        let register = nextRegister
        nextRegister += 1
        if nextRegister > registerCount { registerCount = nextRegister }
        if nextRegister > CodeBuilder.maximumRegister {
            isTooLarge = true
            nextRegister = CodeBuilder.maximumRegister
            return nextRegister - 1
        }
        return register
    }

    /// A jump whose target is set later by `patch`.
    mutating func emitJump() -> Int { emit(Instruction(.jump, w: 0)) }

    /// Lets the jump at `index` go to the next instruction to be written.
    mutating func patch(_ index: Int) { patch(index, to: count) }

    mutating func patch(_ index: Int, to target: Int) {
        instructions[index] = Instruction(.jump, w: target - (index + 1))
    }

    mutating func patch(_ indices: [Int]) {
        for index in indices { patch(index) }
    }
}
