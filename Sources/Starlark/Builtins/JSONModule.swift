/// The module `json`: functions named as in starlark-go's library.
enum JSONModule {
    /// A function's name in the module is what follows the point.
    static let functions: [Builtin] = [
        Builtin("json.encode") { call throws(Failure) in
            try call.expect(1)
            return try encode(call[0], call)
        },
        Builtin("json.encode_indent") { call throws(Failure) in
            let style = try indentation(call)
            let text = StringObject(try encode(call[0], call))
            return try indent(text, style, call)
        },
        Builtin("json.indent") { call throws(Failure) in
            let style = try indentation(call)
            return try indent(try call.string(0), style, call)
        },
        Builtin("json.decode") { call throws(Failure) in try decode(call) },
    ]

    private static func encode(_ value: Value, _ call: borrowing Call) throws(Failure) -> Value {
        var encoder = JSONEncoder(call.arena)
        do throws(Failure) {
            try encoder.encode(value)
        } catch {
            throw call.failure(error)
        }
        return try encoder.text.makeString()
    }

    /// `decode(x, default)`: what the text denotes, or the default, if there is one and the text is
    /// not valid.
    private static func decode(_ call: borrowing Call) throws(Failure) -> Value {
        let arguments = try call.bind("$x", "default?")
        let text = try call.string(arguments[0], "x")
        var decoder = JSONDecoder(text.bytes, call.arena)
        do throws(Failure) {
            return try decoder.decode()
        } catch {
            // Limits of the evaluation are not mistakes in the text.
            guard error.details.kind == .program else { throw error }
            if !arguments[1].isUnbound { return arguments[1] }
            throw call.failure(error)
        }
    }

    /// The keyword arguments `prefix` and `indent` of a call with one positional argument.
    private static func indentation(
        _ call: borrowing Call
    ) throws(Failure) -> JSONIndentation.Style {
        guard call.positionalCount == 1 else {
            throw Failure("\(call.name): got \(call.positionalCount) arguments, want 1")
        }
        let arguments = try call.bind("$x", "prefix?", "indent?")
        var style = JSONIndentation.Style()
        if !arguments[1].isUnbound {
            style.prefix = try call.string(arguments[1], "prefix").bytes
        }
        if !arguments[2].isUnbound {
            style.indent = try call.string(arguments[2], "indent").bytes
        }
        return style
    }

    private static func indent(
        _ text: StringObject, _ style: JSONIndentation.Style, _ call: borrowing Call
    ) throws(Failure) -> Value {
        var indentation = JSONIndentation(text.bytes, style, call.arena)
        do throws(Failure) {
            try indentation.run()
        } catch {
            throw call.failure(error)
        }
        return try indentation.text.makeString()
    }
}
