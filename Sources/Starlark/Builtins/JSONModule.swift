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
            guard call[0].isString else {
                throw Failure(
                    "\(call.name): for parameter 1: got \(call[0].typeName), want string")
            }
            return try indent(StringObject(call[0]), style, call)
        },
        Builtin("json.decode") { call throws(Failure) in try decode(call) },
    ]

    private static func encode(_ value: Value, _ call: borrowing Call) throws(Failure) -> Value {
        var encoder = JSONEncoder(call.arena)
        do throws(Failure) {
            try encoder.encode(value)
        } catch {
            throw error.prefixed("\(call.name): ")
        }
        return try encoder.text.makeString()
    }

    /// `decode(x, default)`: what the text denotes, or the default, if there is one and the text is not
    /// valid.
    private static func decode(_ call: borrowing Call) throws(Failure) -> Value {
        let arguments = try call.bind("$x", "default?")
        guard arguments[0].isString else {
            throw Failure(
                "\(call.name): for parameter x: got \(arguments[0].typeName), want string")
        }
        var decoder = JSONDecoder(StringObject(arguments[0]).bytes, call.arena)
        do throws(Failure) {
            return try decoder.decode()
        } catch {
            // Limits of the evaluation are not mistakes in the text.
            guard error.details.kind == .program else { throw error }
            if !arguments[1].isUnbound { return arguments[1] }
            throw error.prefixed("\(call.name): ")
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
        for (index, name) in [(1, "prefix"), (2, "indent")] where !arguments[index].isUnbound {
            let value = arguments[index]
            guard value.isString else {
                throw Failure(
                    "\(call.name): for parameter \(name): got \(value.typeName), want string")
            }
            let bytes = StringObject(value).bytes
            if index == 1 { style.prefix = bytes } else { style.indent = bytes }
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
            throw error.prefixed("\(call.name): ")
        }
        return try indentation.text.makeString()
    }
}

extension Failure {
    /// The same mistake with text before its message; limits stay as they are.
    func prefixed(_ prefix: String) -> Failure {
        guard details.kind == .program, details.underlying == nil else { return self }
        return Failure(prefix + details.message, hint: details.hint)
    }
}
