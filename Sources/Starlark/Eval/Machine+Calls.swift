extension Machine {
    /// Calls any callable value from a builtin, without arguments. No collection runs meanwhile.
    func call(_ function: Value) throws(Failure) -> Value {
        let start = freeStack
        return try call(
            function, .init(start: start, positionalCount: 0, keywordCount: 0, names: start))
    }

    /// Calls any callable value from a builtin, with one argument. No collection runs meanwhile.
    func call(_ function: Value, _ argument: Value) throws(Failure) -> Value {
        let start = freeStack
        try reserveStack(start + 1)
        start.pointee = argument
        return try call(
            function, .init(start: start, positionalCount: 1, keywordCount: 0, names: start))
    }

    /// How deeply builtins may call functions that call builtins: each level takes native stack.
    static let maximumLoopDepth = 64

    /// Calls with arguments that stand at the end of the stack in use.
    func call(
        _ function: Value, _ arguments: Interpreter.Arguments
    ) throws(Failure) -> Value {
        let interpreter = Interpreter(machine: self)
        let scratchEnd = state.pointee.scratchEnd
        defer { state.pointee.scratchEnd = scratchEnd }
        state.pointee.scratchEnd = max(arguments.end, arguments.names + arguments.keywordCount)
        guard function.isObject(.function) else {
            return try interpreter.callNative(function, arguments)
        }
        guard state.pointee.loopDepth < Machine.maximumLoopDepth else {
            throw interpreter.stackOverflow()
        }
        let window = try interpreter.bind(FunctionObject(function), arguments)
        // The result of the outermost frame of a loop is returned, not stored.
        try interpreter.enter(FunctionObject(function), window, result: window)
        return try interpreter.run()
    }
}
