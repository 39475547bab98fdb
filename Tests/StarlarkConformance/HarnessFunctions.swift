import SourceDiagnostics

@testable import Starlark

/// The functions that suites expect from their harness.
struct HarnessFunctions {
    let report: ChunkReport

    /// `error(*args)`: notes a failed assertion and goes on.
    var error: Builtin {
        Builtin("error") { [report] (call: borrowing Call) throws(Failure) -> Value in
            var text = ByteBuilder(call.arena)
            for index in 0..<call.positionalCount {
                if index > 0 { try text.append(" ") }
                try text.append(str: call[index])
            }
            report.add(String(decoding: text.bytes, as: UTF8.self), at: call.machine.callStack())
            return .none
        }
    }

    /// `catch(f)`: the message with which `f()` fails, or None.
    var `catch`: Builtin {
        Builtin("catch") { (call: borrowing Call) throws(Failure) -> Value in
            try call.expect(1)
            do throws(Failure) {
                _ = try call.machine.call(call[0])
                return .none
            } catch {
                return try call.arena.makeString(
                    withHint(error.details.message, error.details.hint)
                ).value
            }
        }
    }

    /// `matches(pattern, text)`.
    var matches: Builtin {
        Builtin("matches") { (call: borrowing Call) throws(Failure) -> Value in
            try call.expect(2)
            return Value(try found(StringObject(call[0]).text, in: StringObject(call[1]).text))
        }
    }

    /// `freeze(x)`: freezes at once, and returns `x`.
    var freeze: Builtin {
        Builtin("freeze") { (call: borrowing Call) throws(Failure) -> Value in
            try call.expect(1)
            call[0].freezeInPlace()
            return call[0]
        }
    }

    /// An assertion about values: `check` gives the complaint, or nil.
    func assertion(
        _ name: String, _ check: @escaping @Sendable (borrowing Call) throws(Failure) -> String?
    ) -> Builtin {
        Builtin(name) { [report] (call: borrowing Call) throws(Failure) -> Value in
            if let complaint = try check(call) {
                report.add(complaint, at: call.machine.callStack())
            }
            return .none
        }
    }

    /// `fails(f, pattern)`.
    func fails(_ name: String) -> Builtin {
        assertion(name) { (call: borrowing Call) throws(Failure) -> String? in
            try call.expect(2)
            let pattern = StringObject(call[1]).text
            do throws(Failure) {
                _ = try call.machine.call(call[0])
            } catch {
                let message = withHint(error.details.message, error.details.hint)
                return try found(pattern, in: message)
                    ? nil : "regular expression (\(pattern)) did not match error (\(message))"
            }
            return "evaluation succeeded unexpectedly (want error matching \"\(pattern)\")"
        }
    }

    func equal(_ name: String) -> Builtin {
        assertion(name) { (call: borrowing Call) throws(Failure) -> String? in
            try call.expect(2)
            return try call[0].equals(call[1]) ? nil : "\(repr(call[0], call)) != \(repr(call[1], call))"
        }
    }

    func holds(_ name: String) -> Builtin {
        assertion(name) { (call: borrowing Call) throws(Failure) -> String? in
            let arguments = try call.bind("cond", "msg?")
            if arguments[0].isTruthy { return nil }
            return arguments[1].isUnbound
                ? "assertion failed" : StringObject(arguments[1]).text
        }
    }

    /// The assertions of our own suite, and of the specification's.
    var assertions: [Builtin] {
        [
            equal("assert.eq"), holds("assert.true"), fails("assert.fails"),
            assertion("assert.ne") { (call: borrowing Call) throws(Failure) -> String? in
                try call.expect(2)
                return try call[0].equals(call[1])
                    ? "\(repr(call[0], call)) == \(repr(call[1], call))" : nil
            },
            assertion("assert.lt") { (call: borrowing Call) throws(Failure) -> String? in
                try call.expect(2)
                return try Operations.compare(.less, call[0], call[1])
                    ? nil : "\(repr(call[0], call)) is not less than \(repr(call[1], call))"
            },
            assertion("assert.contains") { (call: borrowing Call) throws(Failure) -> String? in
                try call.expect(2)
                return try Operations.contains(call[0], call[1], call.arena)
                    ? nil : "\(repr(call[0], call)) does not contain \(repr(call[1], call))"
            },
            assertion("assert.fail") { (call: borrowing Call) throws(Failure) -> String? in
                try call.expect(1)
                return StringObject(call[0]).text
            },
        ]
    }
}

private func repr(_ value: Value, _ call: borrowing Call) throws(Failure) -> String {
    var text = ByteBuilder(call.arena)
    try text.append(repr: value)
    return String(decoding: text.bytes, as: UTF8.self)
}

private func found(_ pattern: String, in text: String) throws(Failure) -> Bool {
    guard let regex = try? Regex(pattern) else {
        throw Failure("no valid regular expression: \(pattern)")
    }
    return text.firstMatch(of: regex) != nil
}
