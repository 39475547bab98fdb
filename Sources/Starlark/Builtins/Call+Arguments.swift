/// How a message names a parameter: by its position, from 0, or by its name.
enum ParameterLabel: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case position(Int)
    case name(StaticString)

    init(integerLiteral position: Int) { self = .position(position) }
    init(stringLiteral name: StaticString) { self = .name(name) }

    fileprivate var text: String {
        switch self {
        case .position(let position): "\(position + 1)"
        case .name(let name): "\(name)"
        }
    }
}

// Typed access to arguments. Each fails with "f: for parameter 1: got int, want string".
extension Call {
    @inline(__always)
    func string(_ value: Value, _ label: ParameterLabel) throws(Failure) -> StringObject {
        guard value.isString else { throw mismatch(value, label, "string") }
        return StringObject(value)
    }

    /// The positional argument at `position`, which is there.
    @inline(__always)
    func string(_ position: Int) throws(Failure) -> StringObject {
        try string(arguments[position], .position(position))
    }

    @inline(__always)
    func int(_ value: Value, _ label: ParameterLabel) throws(Failure) -> Int {
        if value.isSmallInt { return value.smallInt }
        return try largeInt(value, label)
    }

    @inline(__always)
    func int(_ position: Int) throws(Failure) -> Int {
        try int(arguments[position], .position(position))
    }

    @inline(never)
    private func largeInt(_ value: Value, _ label: ParameterLabel) throws(Failure) -> Int {
        guard value.isInt else { throw mismatch(value, label, "int") }
        if let int = value.asInt { return int }
        throw Failure(
            "\(name): for parameter \(label.text): \(value.excerpt(in: arena)) "
                + "out of range (want value in signed 64-bit range)")
    }

    func bool(_ value: Value, _ label: ParameterLabel) throws(Failure) -> Bool {
        guard value.isBool else { throw mismatch(value, label, "bool") }
        return value.isTrue
    }

    func callable(_ value: Value, _ label: ParameterLabel) throws(Failure) -> Value {
        guard value.isCallable else { throw mismatch(value, label, "callable") }
        return value
    }

    @inline(__always)
    func iterable(_ value: Value, _ label: ParameterLabel) throws(Failure) -> Value {
        guard value.isIterable else {
            throw mismatch(value, label, "iterable", hint: value.iterationHint)
        }
        return value
    }

    @inline(__always)
    func iterable(_ position: Int) throws(Failure) -> Value {
        try iterable(arguments[position], .position(position))
    }

    /// The bounds of a part of `count` elements, given by two optional arguments.
    func bounds(_ start: Value, _ end: Value, count: Int) throws(Failure) -> Range<Int> {
        do throws(Failure) {
            return try SliceBounds.range(start, end, count: count)
        } catch { throw failure(error) }
    }

    @inline(never)
    func mismatch(
        _ value: Value, _ label: ParameterLabel, _ wanted: StaticString, hint: String? = nil
    ) -> Failure {
        Failure(
            "\(name): for parameter \(label.text): got \(value.typeName), want \(wanted)",
            hint: hint)
    }

    /// A failure whose message begins with the builtin's name.
    @inline(never)
    func failure(_ message: String, hint: String? = nil) -> Failure {
        Failure("\(name): \(message)", hint: hint)
    }

    /// The failure of an operation inside this builtin, with the builtin's name before the message.
    @inline(never)
    func failure(_ inner: Failure) -> Failure {
        let details = inner.details
        guard details.kind == .program, details.underlying == nil else { return inner }
        return Failure("\(name): \(details.message)", hint: details.hint)
    }

    func rejectKeywords() throws(Failure) {
        if keywordCount != 0 { throw Failure("\(name): does not accept keyword arguments") }
    }
}

extension Value {
    /// Whether `for` may go over it. A host object may still fail when asked for its elements.
    @inline(__always)
    var isIterable: Bool {
        guard isObject else { return false }
        switch header.pointee.type {
        case .list, .tuple, .dict, .set, .range, .stringElements: return true
        case .host: return HostReference(object).isIterable
        default: return false
        }
    }

    var iterationHint: String? {
        isString ? "use `.elems()` for its bytes or `.codepoints()` for its characters" : nil
    }

    /// The items of a list or tuple where they lie; nil for any other value.
    @inline(__always)
    var items: UnsafeMutableBufferPointer<Value>? {
        if isObject(.list) { return ListObject(self).buffer }
        return isObject(.tuple) ? TupleObject(self).buffer : nil
    }
}

extension Failure {
    init(_ message: String, didYouMean name: String?) {
        self.init(message, hint: name.map { "did you mean \($0)?" })
    }
}
