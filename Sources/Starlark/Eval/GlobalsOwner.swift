/// Owns the globals of one module, and keeps the program that its functions run.
///
/// Safe to share between threads when frozen: nothing is written any more.
final class GlobalsOwner: @unchecked Sendable {
    let program: Program
    let record: UnsafeMutablePointer<GlobalsRecord>

    /// All globals are unbound at first; the predeclared values come after them.
    init(program: Program) {
        self.program = program
        let count = program.globalNames.count + program.predeclaredNames.count
        let values = UnsafeMutablePointer<Value>.allocate(capacity: max(count, 1))
        values.initialize(repeating: .unbound, count: max(count, 1))
        record = .allocate(capacity: 1)
        record.initialize(
            to: GlobalsRecord(
                values: values, count: count, program: .passUnretained(program)))
    }

    deinit {
        record.pointee.values.deallocate()
        record.deallocate()
    }
}
