import SourceDiagnostics
import Starlark
import Synchronization

/// The functions with which a chunk asserts something. A failed assertion is noted, and the chunk goes on.
struct TestFunctions: Sendable {
    /// The chunk's own file: an assertion counts at the line of the innermost function that is in it.
    let file: SourceFile
    let recorder: Recorder

    /// Collects what assertions find while a chunk runs.
    final class Recorder: Sendable {
        private let state = Mutex(ChunkReport())

        var report: ChunkReport { state.withLock { $0 } }

        func update(_ change: @Sendable (inout ChunkReport) -> Void) {
            state.withLock { change(&$0) }
        }
    }

    /// The members of the module `assert`.
    var moduleMembers: [Builtin] {
        [
            function("assert.eq", equal), function("assert.ne", notEqual),
            function("assert.true", holds), function("assert.lt", less),
            function("assert.contains", contains), function("assert.fails", fails),
            function("assert.fail", fail),
        ]
    }

    /// The assertions of the suites that have no module for them.
    var plainAssertions: [Builtin] {
        [
            function("assert_", holds), function("assert_eq", equal),
            function("assert_ne", notEqual), function("assert_fails", fails),
        ]
    }

    /// `freeze(x)` freezes and returns a value, `freeze()` freezes the module.
    var freeze: Builtin {
        Builtin("freeze") { call throws(Failure) in
            if try call.expect(0...1) == 0 {
                call.freezeGlobals()
                return .none
            }
            call.freeze(call[0])
            return call[0]
        }
    }

    /// A function for suites that are not run.
    func placeholder(_ name: String) -> Builtin {
        Builtin(name) { _ throws(Failure) in .none }
    }

    var slowMultiplication: Builtin {
        Builtin("int_mul_slow") { call throws(Failure) in
            try call.expect(2)
            return try TestFunctions.multiplySlowly(call)
        }
    }

    // MARK: Assertions

    private typealias Check = @Sendable (borrowing Call) throws(Failure) -> Finding?

    /// What is wrong.
    private struct Finding: ExpressibleByStringInterpolation {
        var message: String
        var isOnlyWording = false

        init(stringLiteral message: String) { self.message = message }
        init(_ message: String, isOnlyWording: Bool) {
            self.message = message
            self.isOnlyWording = isOnlyWording
        }
    }

    private func function(_ name: String, _ check: @escaping Check) -> Builtin {
        let (file, recorder) = (file, recorder)
        return Builtin(name) { call throws(Failure) in
            let frame = call.callStack.first { $0.file === file }
            let line = frame.map { file.location(of: $0.span.start).line } ?? 1
            let finding = try check(call)
            recorder.update { report in
                report.check(line)
                guard let finding else { return }
                report.fail(
                    line, "\(name): \(finding.message)", isOnlyWording: finding.isOnlyWording)
            }
            return .none
        }
    }

    private var equal: Check {
        { call throws(Failure) in
            try call.expect(2)
            if try call.equals(call[0], call[1]) { return nil }
            return "\(call.excerpt(call[0])) is not \(call.excerpt(call[1]))"
        }
    }

    private var notEqual: Check {
        { call throws(Failure) in
            try call.expect(2)
            if try !call.equals(call[0], call[1]) { return nil }
            return "both are \(call.excerpt(call[0]))"
        }
    }

    private var less: Check {
        { call throws(Failure) in
            try call.expect(2)
            if try call.less(call[0], call[1]) { return nil }
            return "\(call.excerpt(call[0])) is not less than \(call.excerpt(call[1]))"
        }
    }

    private var contains: Check {
        { call throws(Failure) in
            try call.expect(2)
            if try call.contains(call[0], call[1]) { return nil }
            return "\(call.excerpt(call[1])) is not in \(call.excerpt(call[0]))"
        }
    }

    /// `assert.true(cond, msg = "…")`.
    private var holds: Check {
        { call throws(Failure) in
            let count = call.positionalCount + call.keywordCount
            guard 1...2 ~= count else { throw Failure("got \(count) arguments, want 1 or 2") }
            if call[0].isTruthy { return nil }
            return count == 2 ? "\(call.excerpt(call[1]))" : "\(call.excerpt(call[0]))"
        }
    }

    private var fail: Check {
        { call throws(Failure) in
            try call.expect(1)
            return "\(call.excerpt(call[0]))"
        }
    }

    private var fails: Check {
        { call throws(Failure) in
            try call.expect(2)
            let pattern = try call.text(call[1])
            guard let error = try call.error(ofCalling: call[0]) else {
                return "no error, want one that matches \(pattern)"
            }
            let message = ChunkReport.text(error.message, hint: error.hint)
            if Pattern(pattern).isFound(in: message) { return nil }
            return Finding("\(message): does not match \(pattern)", isOnlyWording: true)
        }
    }

    // MARK: Arithmetic

    /// The product as a sum of shifted copies of the first factor, to compare multiplication with.
    private static func multiplySlowly(_ call: borrowing Call) throws(Failure) -> Value {
        let (zero, one) = (Value(smallInt: 0), Value(smallInt: 1))
        let isNegative = try call.less(call[1], zero)
        var rest = isNegative ? try call.integer(.minus, zero, call[1]) : call[1]
        var shifted = call[0]
        var product = zero
        while rest.isTruthy {
            if try call.integer(.bitAnd, rest, one).isTruthy {
                product = try call.integer(.plus, product, shifted)
            }
            shifted = try call.integer(.plus, shifted, shifted)
            rest = try call.integer(.shiftRight, rest, one)
        }
        return isNegative ? try call.integer(.minus, zero, product) : product
    }
}
