public import SourceDiagnostics

/// A call of a host function under way. It ends with the call, so it can't be kept.
public struct CallContext: ~Copyable {
    let call: Call

    init(_ call: borrowing Call) {
        self.call = Call(
            machine: call.machine, builtin: call.builtin, receiver: call.receiver,
            arguments: call.arguments, positionalCount: call.positionalCount,
            keywordCount: call.keywordCount, keywordNames: call.keywordNames)
    }

    var receiver: Value { call.receiver }
    private var live: LiveHeap { call.machine.context.token }

    /// The name of the function being called.
    public var functionName: String { call.name }

    /// Makes values of the running evaluation.
    public var values: ValueFactory { ValueFactory(live) }

    /// The `Evaluator.hostState` of the evaluator that makes the call.
    public var hostState: AnyObject? { call.machine.context.hostState }

    /// Prints a line as `print` does.
    public func print(_ line: String) {
        var line = line
        line.withUTF8 { call.machine.printLine($0) }
    }

    /// The functions that are running, outermost first; the last is the one that makes the call.
    public var callStack: [CallFrame] { call.machine.callStack().reversed() }

    // MARK: Calling back

    /// Calls a function or another callable value, and returns what it returns.
    ///
    /// - Throws: `EvaluationError`, with the functions that were running. Once a limit is reached,
    ///   or the evaluation is cancelled, that ends the evaluation even if the error is caught here.
    public func invoke(
        _ function: StarlarkValue, _ arguments: any StarlarkConvertible...,
        keywords: KeyValuePairs<String, any StarlarkConvertible> = [:]
    ) throws -> StarlarkValue {
        let prepared = try PreparedCall(function, arguments, keywords, live)
        return try EvaluationError.catching { () throws(Failure) in
            StarlarkValue(try prepared.run(call.machine), .live(live))
        }
    }

    // MARK: Arguments

    /// How many positional arguments were given.
    public var positionalCount: Int { call.positionalCount }

    /// The positional argument at a position below `positionalCount`.
    public subscript(position: Int) -> StarlarkValue {
        precondition(position >= 0 && position < call.positionalCount, "there is no such argument")
        return value(call[position])
    }

    /// The keyword arguments in order.
    public var keywords: OrderedPairs<String, StarlarkValue> {
        OrderedPairs(
            (0..<call.keywordCount).map { number in
                (
                    StringObject(call.keywordNames[number]).text,
                    value(call[call.positionalCount + number])
                )
            })
    }

    /// The arguments by parameter, converted.
    ///
    /// - Throws: an error that names the function and the parameter.
    public func unpack<each Argument>(
        _ parameters: repeat Parameter<each Argument>
    ) throws -> (repeat each Argument) {
        let arguments = try bind(Signature(functionName, repeat each parameters))
        var index = -1
        func next<Item>(_ parameter: Parameter<Item>) throws -> Item {
            index += 1
            return try parameter.read(self, arguments, index)
        }
        return (repeat try next(each parameters))
    }

    func bind(_ signature: Signature) throws(EvaluationError) -> Signature.Arguments {
        do throws(Failure) {
            return try signature.bind(call)
        } catch {
            throw EvaluationError(error)
        }
    }

    func value(_ word: Value) -> StarlarkValue { StarlarkValue(word, .live(live)) }

    func convert<Target: StarlarkConvertible>(
        _ word: Value, for parameter: @autoclosure () -> String
    ) throws -> Target {
        do {
            return try Target.fromStarlark(value(word))
        } catch let error as ConversionError {
            throw EvaluationError("\(functionName): for parameter \(parameter()): \(error)")
        }
    }
}

/// A function with its arguments in the heap where it is to be called.
struct PreparedCall {
    private let function: Value
    private let arguments: [Value]
    private let names: [Value]

    init(
        _ function: StarlarkValue, _ arguments: [any StarlarkConvertible],
        _ keywords: KeyValuePairs<String, any StarlarkConvertible>, _ live: LiveHeap
    ) throws {
        let function = try live.word(of: function)
        guard function.isCallable else {
            throw EvaluationError("invalid call of non-function (\(function.typeName))")
        }
        self.function = function
        var words: [Value] = []
        for argument in arguments { words.append(try live.word(of: argument)) }
        var names: [Value] = []
        for (name, value) in keywords {
            precondition(
                !names.contains { StringObject($0).text == name },
                "the keyword argument `\(name)` is there twice")
            names.append(try live.word(of: name))
            words.append(try live.word(of: value))
        }
        self.arguments = words
        self.names = names
    }

    func run(_ machine: Machine) throws(Failure) -> Value {
        let start = machine.freeStack
        try machine.reserveStack(start + arguments.count + names.count)
        for (index, word) in arguments.enumerated() { start[index] = word }
        let nameStart = start + arguments.count
        for (index, word) in names.enumerated() { nameStart[index] = word }
        // A builtin that is called from outside and calls back holds values on the native stack: it
        // counts as a loop, so that nothing moves.
        let isNative = !function.isObject(.function)
        if isNative { machine.state.pointee.loopDepth += 1 }
        defer { if isNative { machine.state.pointee.loopDepth -= 1 } }
        do throws(Failure) {
            return try machine.call(
                function,
                .init(
                    start: start, positionalCount: arguments.count - names.count,
                    keywordCount: names.count, names: nameStart))
        } catch {
            if error.details.kind != .program { machine.context.fatalFailure = error }
            throw error
        }
    }
}
