/// One function as the compiler leaves it. `Program` turns it into `Code`, when all tables have their final place.
struct CompiledFunction {
    var instructions: [Instruction]
    var positions: [UInt64]
    var loops: [LoopRange]
    var name: Value
    var registerCount: Int
    var parameterCount: Int
    var positionalCount: Int
    var hasStar: Bool
    var hasStarStar: Bool
    var checksRecursion: Bool
    var parameterNames: [Value]
    var defaultNumbers: [Int32]
    var defaultCount: Int
    var captures: [CaptureSource]
}

extension Code {
    /// Copies a function's parts to addresses of their own; `free` gives them back.
    init(_ function: CompiledFunction, in program: Program) {
        self.init(
            instructions: .allocate(copying: function.instructions),
            instructionCount: function.instructions.count,
            positions: .allocate(copying: function.positions), constants: program.constants,
            attributeNames: program.attributeNames, callSites: program.callSites,
            loops: .allocate(copying: function.loops), loopCount: function.loops.count,
            name: function.name, registerCount: function.registerCount,
            parameterCount: function.parameterCount, positionalCount: function.positionalCount,
            hasStar: function.hasStar, hasStarStar: function.hasStarStar,
            isSimple: !function.hasStar && !function.hasStarStar
                && function.positionalCount == function.parameterCount,
            checksRecursion: function.checksRecursion,
            parameterNames: .allocate(copying: function.parameterNames),
            defaultNumbers: .allocate(copying: function.defaultNumbers),
            defaultCount: function.defaultCount, captures: .allocate(copying: function.captures),
            captureCount: function.captures.count, program: .passUnretained(program))
    }

    func free() {
        instructions.deallocate()
        positions.deallocate()
        loops.deallocate()
        parameterNames.deallocate()
        defaultNumbers.deallocate()
        captures.deallocate()
    }
}
