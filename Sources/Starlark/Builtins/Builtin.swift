import SourceDiagnostics

/// What a builtin function or method is: its name and what it does.
package final class Builtin: Sendable {
    package typealias Body = @Sendable (borrowing Call) throws(Failure) -> Value

    let name: String
    let body: Body

    package init(_ name: String, _ body: @escaping Body) {
        self.name = name
        self.body = body
    }
}

/// One call of a builtin: the machine, the receiver of a method, and the arguments, which stay
/// where the caller evaluated them. Valid only while the call lasts.
package struct Call: ~Copyable {
    package let machine: Machine
    let builtin: Unmanaged<Builtin>
    /// Unbound unless this is a method.
    let receiver: Value
    /// The positional arguments, then the values of the keyword arguments.
    let arguments: UnsafeMutablePointer<Value>
    package let positionalCount: Int
    package let keywordCount: Int
    /// The names of the keyword arguments: strings, distinct.
    let keywordNames: UnsafePointer<Value>

    package var arena: Arena { machine.arena }
    /// The name as it stands in messages.
    var name: String { builtin._withUnsafeGuaranteedRef { $0.name } }

    @inline(__always)
    package subscript(position: Int) -> Value { arguments[position] }

    /// The argument at `position`, or unbound if there are not so many.
    @inline(__always)
    func optional(_ position: Int) -> Value {
        position < positionalCount ? arguments[position] : .unbound
    }

    /// The number of positional arguments, checked to be in `range`, with no keyword arguments.
    @inline(__always)
    package func expect(_ range: ClosedRange<Int>) throws(Failure) -> Int {
        if keywordCount != 0 || positionalCount < range.lowerBound
            || positionalCount > range.upperBound
        {
            throw argumentFailure(range)
        }
        return positionalCount
    }

    @inline(__always)
    package func expect(_ count: Int) throws(Failure) { _ = try expect(count...count) }

    /// Assigns the arguments to parameters by position and name.
    ///
    /// A name ending in `?` is optional: its value is unbound if not given. A name that begins
    /// with `$` takes no keyword.
    @inline(__always)
    func bind(_ parameters: StaticString...) throws(Failure) -> BoundArguments {
        let count = positionalCount
        guard keywordCount == 0, count <= parameters.count,
            count == parameters.count || parameters[count].isOptional
        else { return try bindArguments(parameters) }
        var bound = BoundArguments()
        for index in 0..<count { bound[index] = arguments[index] }
        return bound
    }
}

/// Up to six arguments in the order of the parameters; unbound where absent.
struct BoundArguments {
    private var values: (Value, Value, Value, Value, Value, Value) = (
        .unbound, .unbound, .unbound, .unbound, .unbound, .unbound
    )

    static let maximumCount = 6

    @inline(__always)
    subscript(index: Int) -> Value {
        get {
            withUnsafeBytes(of: values) { $0.load(fromByteOffset: index * 8, as: Value.self) }
        }
        set {
            withUnsafeMutableBytes(of: &values) {
                $0.storeBytes(of: newValue, toByteOffset: index * 8, as: Value.self)
            }
        }
    }
}

extension Call {
    @inline(never)
    func argumentFailure(_ range: ClosedRange<Int>) -> Failure {
        if keywordCount != 0 { return Failure("\(name): unexpected keyword arguments") }
        let wanted =
            range.lowerBound == range.upperBound
            ? "\(range.lowerBound)"
            : positionalCount < range.lowerBound
                ? "at least \(range.lowerBound)" : "at most \(range.upperBound)"
        return Failure("\(name): got \(positionalCount) arguments, want \(wanted)")
    }

    @inline(never)
    private func bindArguments(_ parameters: [StaticString]) throws(Failure) -> BoundArguments {
        var bound = BoundArguments()
        if positionalCount > parameters.count {
            throw Failure(
                "\(name): got \(positionalCount) arguments, want at most \(parameters.count)")
        }
        for index in 0..<positionalCount { bound[index] = arguments[index] }
        for index in 0..<keywordCount {
            let keyword = StringObject(keywordNames[index])
            guard let parameter = parameters.firstIndex(where: { $0.accepts(keyword) }) else {
                throw Failure(
                    "\(name): unexpected keyword argument \(keyword.text)",
                    didYouMean: closestMatch(
                        to: keyword.text, among: parameters.map(\.parameterName)))
            }
            if !bound[parameter].isUnbound {
                throw Failure(
                    "\(name): got multiple values for keyword argument \(keyword.text)")
            }
            bound[parameter] = arguments[positionalCount + index]
        }
        for (index, parameter) in parameters.enumerated() where bound[index].isUnbound {
            if !parameter.isOptional {
                throw Failure("\(name): missing argument for \(parameter.parameterName)")
            }
        }
        return bound
    }
}

extension StaticString {
    @inline(__always)
    fileprivate var isOptional: Bool {
        utf8CodeUnitCount > 0 && utf8Start[utf8CodeUnitCount - 1] == UInt8(ascii: "?")
    }

    @inline(__always)
    fileprivate var isPositionalOnly: Bool {
        utf8CodeUnitCount > 0 && utf8Start[0] == UInt8(ascii: "$")
    }

    /// The name without the marks `$` and `?`.
    fileprivate var parameterName: String {
        var name = description[...]
        if isPositionalOnly { name = name.dropFirst() }
        if isOptional { name = name.dropLast() }
        return String(name)
    }

    fileprivate func accepts(_ keyword: StringObject) -> Bool {
        let count = utf8CodeUnitCount - (isOptional ? 1 : 0)
        guard keyword.count == count, !isPositionalOnly else { return false }
        for index in 0..<count where utf8Start[index] != keyword.start[index] { return false }
        return true
    }
}
