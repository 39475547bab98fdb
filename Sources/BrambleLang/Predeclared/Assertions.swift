import Starlark

/// The functions of `assert`. Each returns None, or fails.
enum Assertions {
    static let all = [
        comparison("assert.eq", "!=") { call, one, other in try call.areEqual(one, other) },
        comparison("assert.ne", "==") { call, one, other in !(try call.areEqual(one, other)) },
        comparison("assert.lt", "is not less than") { call, one, other in
            try call.isLess(one, than: other)
        },
        comparison("assert.contains", "does not contain") { call, collection, item in
            try call.contains(collection, item)
        },
        isTrue, fails, fail,
    ]

    private static func comparison(
        _ name: String, _ complaint: String,
        _ holds:
            @escaping @Sendable (
                borrowing CallContext, StarlarkValue, StarlarkValue
            ) throws -> Bool
    ) -> HostFunction {
        HostFunction(
            name, .required("x", StarlarkValue.self), .required("y", StarlarkValue.self),
            .optional("msg", String.self)
        ) { call, x, y, message in
            if try holds(call, x, y) { return }
            let prefix = message.map { "\($0): " } ?? ""
            throw EvaluationError("\(name): \(prefix)\(x.excerpt) \(complaint) \(y.excerpt)")
        }
    }

    private static let isTrue = HostFunction(
        "assert.true", .required("cond", StarlarkValue.self),
        .defaulted("msg", "assertion failed")
    ) { _, condition, message in
        if !condition.isTruthy { throw EvaluationError("assert.true: \(message)") }
    }

    private static let fail = HostFunction("assert.fail", .required("msg", String.self)) {
        _, message in
        throw EvaluationError("assert.fail: \(message)")
    }

    /// Calls a function, which must fail with a message that the pattern is found in.
    private static let fails = HostFunction(
        "assert.fails", .required("f", StarlarkValue.self), .required("pattern", String.self)
    ) { call, function, pattern in
        let message: String
        do {
            _ = try call.invoke(function)
            throw EvaluationError("assert.fails: the function does not fail")
        } catch let error as EvaluationError where !error.callStack.isEmpty {
            message = error.message
        }
        guard TextPattern(pattern).isFound(in: message) else {
            throw EvaluationError(
                "assert.fails: the message is another one: \(message)",
                hint: "in a pattern `*` stands for any text, all else for itself")
        }
    }
}
