/// A function written in Swift, for programs to call.
///
/// ```swift
/// let greet = HostFunction(
///     "greet", .required("name", String.self), .defaulted("times", 1)
/// ) { call, name, times in
///     for _ in 0..<times { call.print("hello, \(name)") }
///     return name.count
/// }
/// ```
///
/// The body is given the call, and an argument for each parameter, converted to the parameter's
/// type. What it returns is converted to a value. What it throws ends the evaluation: an
/// `EvaluationError` as it is, of any other error the description, after the name of the function,
/// with the error itself as `EvaluationError.underlying`.
public struct HostFunction: Sendable {
    /// What messages, and the environment unless told otherwise, call the function.
    public let name: String
    /// What the function does, for people.
    public let documentation: String
    /// The names of the parameters in order, `*` before a variadic one, `**` before that of the
    /// keywords; nil if the body looks at the arguments itself.
    public let parameterNames: [String]?
    let builtin: Builtin

    /// A function with typed parameters.
    public init<each Argument, Result: StarlarkConvertible>(
        _ name: String, _ parameters: repeat Parameter<each Argument>,
        documentation: String = "",
        body: @escaping @Sendable (borrowing CallContext, repeat each Argument) throws -> Result
    ) {
        let signature = Signature(name, repeat each parameters)
        self.name = name
        self.documentation = documentation
        parameterNames = signature.entries.map(\.displayName)
        builtin = Builtin(hostFunction: name) { (context: borrowing CallContext) throws in
            let arguments = try context.bind(signature)
            var index = -1
            func next<Item>(_ parameter: Parameter<Item>) throws -> Item {
                index += 1
                return try parameter.read(context, arguments, index)
            }
            return try body(context, repeat try next(each parameters))
        }
    }

    /// A function with typed parameters that returns `None`.
    public init<each Argument>(
        _ name: String, _ parameters: repeat Parameter<each Argument>,
        documentation: String = "",
        body: @escaping @Sendable (borrowing CallContext, repeat each Argument) throws -> Void
    ) {
        self.init(name, repeat each parameters, documentation: documentation) {
            (call: borrowing CallContext, arguments: repeat each Argument) in
            try body(call, repeat each arguments)
            return StarlarkValue.none
        }
    }

    /// A function whose body looks at the arguments itself: the fastest way, without conversions.
    public init<Result: StarlarkConvertible>(
        unchecked name: String, documentation: String = "",
        body: @escaping @Sendable (borrowing CallContext) throws -> Result
    ) {
        self.name = name
        self.documentation = documentation
        parameterNames = nil
        builtin = Builtin(hostFunction: name) { (context: borrowing CallContext) throws in
            try body(context)
        }
    }
}

extension HostFunction: StarlarkConvertible {
    public static var starlarkTypeName: String { "host function" }

    /// - Throws: always: a value of the language does not tell what Swift function it came from.
    public static func fromStarlark(_ value: StarlarkValue) throws -> HostFunction {
        throw ConversionError(expected: starlarkTypeName, found: value)
    }

    public func starlarkValue(in factory: ValueFactory) -> StarlarkValue {
        factory.live.heap.retain(builtin)
        return factory.value(factory.arena.makeBuiltin(builtin))
    }
}

extension Signature.Entry {
    fileprivate var displayName: String {
        switch kind {
        case .required, .optional: name
        case .variadic: "*\(name)"
        case .keywords: "**\(name)"
        }
    }
}

extension Builtin {
    /// A builtin with a body of the host's.
    convenience init<Result: StarlarkConvertible>(
        hostFunction name: String,
        body: @escaping @Sendable (borrowing CallContext) throws -> Result
    ) {
        self.init(name) { (call: borrowing Call) throws(Failure) -> Value in
            try Builtin.run(call, body)
        }
    }

    /// Runs host code. An evaluation that reached a limit meanwhile ends, whatever the code made of
    /// that.
    static func run<Result: StarlarkConvertible>(
        _ call: borrowing Call, _ body: (borrowing CallContext) throws -> Result
    ) throws(Failure) -> Value {
        let context = call.machine.context
        let result: Value
        do {
            result = try context.token.word(of: try body(CallContext(call)))
        } catch {
            throw context.fatalFailure ?? Failure(error, in: call.name)
        }
        if let failure = context.fatalFailure { throw failure }
        return result
    }
}

extension HostCallable {
    /// Calls the object from a program.
    func call(
        _ arguments: Interpreter.Arguments, _ machine: Machine
    ) throws(Failure) -> Value {
        // Nobody runs its body: it gives the call a name.
        let builtin = Builtin(typeName) { (_: borrowing Call) throws(Failure) -> Value in .none }
        let call = Call(
            machine: machine, builtin: .passUnretained(builtin), receiver: .unbound,
            arguments: arguments.start, positionalCount: arguments.positionalCount,
            keywordCount: arguments.keywordCount, keywordNames: UnsafePointer(arguments.names))
        let value = try Builtin.run(call) { (context: borrowing CallContext) throws in
            let result = try self.call(context)
            return context.value(try machine.context.token.word(of: result))
        }
        withExtendedLifetime(builtin) {}
        return value
    }
}
