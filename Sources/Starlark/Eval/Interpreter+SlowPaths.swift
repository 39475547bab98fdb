/// What the loop does rarely. None of it is inlined there, so that the loop stays small.
extension Interpreter {
    // MARK: Integers

    /// Floor division; `y` is positive.
    @inline(__always)
    static func floorDivide(_ x: Int, _ y: Int) -> Int {
        if (x | y) >> 32 == 0 {
            // Much cheaper for the processor than 64 bits.
            return Int(UInt32(truncatingIfNeeded: x) / UInt32(truncatingIfNeeded: y))
        }
        let quotient = x / y
        return quotient &- (x % y < 0 ? 1 : 0)
    }

    /// The remainder with the sign of `y`, which is positive.
    @inline(__always)
    static func floorModulo(_ x: Int, _ y: Int) -> Int {
        if (x | y) >> 32 == 0 {
            return Int(UInt32(truncatingIfNeeded: x) % UInt32(truncatingIfNeeded: y))
        }
        let remainder = x % y
        return remainder < 0 ? remainder &+ y : remainder
    }

    /// Nil if the result is no small integer.
    @inline(__always)
    static func shiftLeft(_ x: Int, _ count: Int) -> Int? {
        guard count >= 0, count < 62 else { return nil }
        let shifted = x &<< count
        return shifted &>> count == x && Value.fitsSmallInt(shifted) ? shifted : nil
    }

    // MARK: Operators

    // Results may be large, and the code may have no loops: so the fuel is looked at here, too. `next` is behind
    // the instruction, whose operand b is the left one.

    @inline(never)
    func slowAdd(
        _ y: Value, _ frame: UnsafeMutablePointer<Frame>,
        _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        let x = frame.pointee.registers[next[-1].b]
        let quick = Arithmetic.quickFloat(.plus, x, y, in: machine.arena)
        if !quick.isUnbound {
            frame.pointee.registers[next[-1].a] = quick
            return
        }
        let sum =
            next[-1].opcode == .augmentedAdd
            ? try Operations.augmented(.plus, x, y, machine)
            : try Operations.binary(.plus, x, y, machine)
        try finish(sum, frame, next)
    }

    @inline(never)
    func slowBinary(
        _ op: Operator, _ y: Value, _ frame: UnsafeMutablePointer<Frame>,
        _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        let x = frame.pointee.registers[next[-1].b]
        let quick = Arithmetic.quickFloat(op, x, y, in: machine.arena)
        if !quick.isUnbound {
            frame.pointee.registers[next[-1].a] = quick
            return
        }
        try finish(Operations.binary(op, x, y, machine), frame, next)
    }

    @inline(never)
    func binary(
        _ frame: UnsafeMutablePointer<Frame>, _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        let (instruction, registers) = (next[-1], frame.pointee.registers)
        let result = try Operations.binary(
            Interpreter.operation(instruction), registers[instruction.b],
            registers[instruction.c], machine)
        try finish(result, frame, next)
    }

    @inline(never)
    func augmented(
        _ frame: UnsafeMutablePointer<Frame>, _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        let (instruction, registers) = (next[-1], frame.pointee.registers)
        let result = try Operations.augmented(
            Interpreter.operation(instruction), registers[instruction.b],
            registers[instruction.c], machine)
        try finish(result, frame, next)
    }

    @inline(never)
    func unary(
        _ frame: UnsafeMutablePointer<Frame>, _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        let result = try Operations.unary(
            Interpreter.operation(next[-1]), frame.pointee.registers[next[-1].b], machine)
        try finish(result, frame, next)
    }

    @inline(never)
    func slice(
        _ frame: UnsafeMutablePointer<Frame>, _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        let operands = frame.pointee.registers + next[-1].b
        let result = try Operations.slice(
            operands[0], operands[1], operands[2], operands[3], machine)
        try finish(result, frame, next)
    }

    /// Stores a result, and lets the machine collect garbage if that is due.
    @inline(__always)
    private func finish(
        _ result: Value, _ frame: UnsafeMutablePointer<Frame>,
        _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        frame.pointee.registers[next[-1].a] = result
        if machine.state.pointee.fuel < 0 { try interrupt(frame, next) }
    }

    private static func operation(_ instruction: Instruction) -> Operator {
        guard let op = Operator(rawValue: UInt8(truncatingIfNeeded: instruction.x)) else {
            preconditionFailure("the compiler encodes operators only")
        }
        return op
    }

    @inline(never)
    func compare(_ op: Int, _ x: Value, _ y: Value) throws(Failure) -> Bool {
        guard let op = Operator(rawValue: UInt8(truncatingIfNeeded: op)) else { return false }
        if x.bits & y.bits & 1 != 0 {
            let (x, y) = (x.smallInt, y.smallInt)
            switch op {
            case .equal: return x == y
            case .notEqual: return x != y
            case .less: return x < y
            case .lessOrEqual: return x <= y
            case .greater: return x > y
            default: return x >= y
            }
        }
        return try Operations.compare(op, x, y)
    }

    @inline(never)
    func equals(_ x: Value, _ y: Value) throws(Failure) -> Bool {
        if x.isString && y.isString { return StringObject(x).equals(StringObject(y)) }
        return try x.equals(y)
    }

    /// `x < y`, written as `y > x` if the instruction says so: errors name what was written.
    @inline(never)
    func less(_ instruction: Instruction, _ x: Value, _ y: Value) throws(Failure) -> Bool {
        instruction.x & 2 != 0
            ? try Operations.compare(.greater, y, x) : try Operations.compare(.less, x, y)
    }

    @inline(never)
    func lessOrEqual(_ instruction: Instruction, _ x: Value, _ y: Value) throws(Failure) -> Bool {
        instruction.x & 2 != 0
            ? try Operations.compare(.greaterOrEqual, y, x)
            : try Operations.compare(.lessOrEqual, x, y)
    }

    @inline(never)
    func compareImmediate(_ op: Operator, _ x: Value, _ y: Int) throws(Failure) -> Bool {
        try Operations.compare(op, x, Value(smallInt: y))
    }

    @inline(never)
    func contains(_ item: Value, _ container: Value) throws(Failure) -> Bool {
        if container.isObject, item.isString || !item.isObject {
            let type = container.header.pointee.type
            if type == .dict || type == .set {
                return try TableObject(container).contains(item)
            }
        }
        return try Operations.contains(container, item, machine.arena)
    }

    // MARK: Containers

    @inline(never)
    func find(_ key: Value, in table: TableObject) throws(Failure) -> Int { try table.find(key) }

    @inline(never)
    func slowIndex(_ object: Value, _ index: Value) throws(Failure) -> Value {
        try Operations.index(object, index, machine)
    }

    @inline(never)
    func slowLength(_ value: Value) throws(Failure) -> Value {
        try Operations.length(value)
    }

    @inline(never)
    func slowSetIndex(_ object: Value, _ index: Value, _ value: Value) throws(Failure) {
        if object.isObject(.dict) {
            let table = TableObject(object)
            try table.checkMutable("insert into")
            return try table.set(index, value, in: machine.arena)
        }
        try Operations.setIndex(object, index, value, machine)
    }

    @inline(never)
    func slowAttribute(_ object: Value, _ name: Value) throws(Failure) -> Value {
        try Operations.attribute(of: object, StringObject(name), machine)
    }

    @inline(never)
    func setAttribute(_ object: Value, _ name: Value, _ value: Value) throws(Failure) {
        try Operations.setAttribute(of: object, StringObject(name), value, machine)
    }

    @inline(never)
    func makeList(_ items: UnsafeMutablePointer<Value>, _ count: Int) throws(Failure) -> Value {
        try machine.arena.makeList(
            copying: UnsafeMutableBufferPointer(start: items, count: count)
        ).value
    }

    @inline(never)
    func makeTuple(
        _ items: UnsafeMutablePointer<Value>, _ count: Int, fromList: Bool
    ) throws(Failure) -> Value {
        let source =
            fromList
            ? ListObject(items.pointee).buffer
            : UnsafeMutableBufferPointer(start: items, count: count)
        return try machine.arena.makeTuple(copying: source).value
    }

    @inline(never)
    func insert(
        _ key: Value, _ value: Value, into dict: Value, mustBeNew: Bool
    ) throws(Failure) {
        let table = TableObject(dict)
        let before = table.count
        try table.set(key, value, in: machine.arena)
        if mustBeNew, table.count == before {
            var text = ByteBuilder(machine.arena)
            try text.append(repr: key)
            throw Failure("duplicate key: \(String(decoding: text.bytes, as: UTF8.self))")
        }
    }

    @inline(never)
    func unpack(
        _ value: Value, to registers: UnsafeMutablePointer<Value>, _ count: Int
    ) throws(Failure) {
        guard value.isObject, let length = value.length else {
            throw Failure("got \(value.typeName) in sequence assignment")
        }
        guard !value.isString else { throw Failure("got string in sequence assignment") }
        guard length == count else {
            throw Failure(
                length > count
                    ? "too many values to unpack (got \(length), want \(count))"
                    : "too few values to unpack (got \(length), want \(count))")
        }
        var iteration = try Iteration(over: value, in: machine.arena)
        for index in 0..<count { registers[index] = try iteration.next() ?? .none }
    }

    @inline(never)
    func unpackPair(_ value: Value) throws(Failure) -> (Value, Value) {
        var pair = (Value.none, Value.none)
        if value.isObject(.list), ListObject(value).count == 2 {
            return (ListObject(value).items[0], ListObject(value).items[1])
        }
        let place = machine.freeStack
        try machine.reserveStack(place + 2)
        try unpack(value, to: place, 2)
        pair = (place[0], place[1])
        return pair
    }

    @inline(never)
    func load(_ frame: UnsafeMutablePointer<Frame>, _ number: Int) throws(Failure) {
        let site = frame.pointee.code.pointee.program._withUnsafeGuaranteedRef {
            $0.loadSites[number]
        }
        try machine.context.load(site, into: frame.pointee.globals, machine)
    }

    // MARK: Iteration

    /// Sets up the three registers of an iteration.
    @inline(never)
    func iterate(_ value: Value, state: UnsafeMutablePointer<Value>) throws(Failure) {
        if value.isObject(.range) {
            let range = RangeObject(value)
            let small = 1 << 60
            let end = range.start.addingReportingOverflow(range.step &* range.count)
            if abs(range.start) < small, abs(range.step) < small, range.count < small,
                !end.overflow, abs(end.partialValue) < small
            {
                state[0] = Value(smallInt: range.start)
                state[1] = Value(smallInt: range.count)
                state[2] = Value(smallInt: range.step)
                return
            }
        }
        let iterable = try value.asIterable(in: machine.arena)
        iterable.beginIteration()
        state[0] = iterable
        state[1] = Value(smallInt: 0)
        // Not used, but what was there before must not be kept alive.
        state[2] = .none
    }

    @inline(never)
    func nextElement(_ state: UnsafeMutablePointer<Value>) throws(Failure) -> Value {
        var position = state[1].smallInt
        let element = try state[0].element(at: &position, in: machine.arena)
        state[1] = Value(smallInt: position)
        return element
    }

    // MARK: Errors

    @inline(never)
    func unboundGlobal(_ frame: UnsafeMutablePointer<Frame>, _ index: Int) -> Failure {
        let (name, isLocal) = frame.pointee.code.pointee.program._withUnsafeGuaranteedRef {
            program in
            let globals = program.globalNames
            // What `load` binds is local to the file.
            return index < globals.count
                ? (globals[index].name, !globals[index].isExported)
                : (program.predeclaredNames[index - globals.count], false)
        }
        return Failure(
            "\(isLocal ? "local" : "global") variable \(name) referenced before assignment")
    }

    @inline(never)
    func unboundLocal(_ name: Value) -> Failure {
        Failure("local variable \(StringObject(name).text) referenced before assignment")
    }

    @inline(never)
    func stackOverflow() -> Failure { .limit("stack overflow: calls nested too deeply") }

    /// Takes the frames above `depth` away, ends their iterations, and notes where each was.
    @inline(never)
    func unwind(_ failure: Failure, next: UnsafeMutablePointer<Instruction>, to depth: Int) {
        let state = machine.state
        // A failure inside a called function has left the position of the top frame in `next`.
        if state.pointee.depth > depth {
            state.pointee.frames[state.pointee.depth - 1].next = next
        }
        while state.pointee.depth > depth {
            let frame = state.pointee.frames + (state.pointee.depth - 1)
            let code = frame.pointee.code
            let index = max(frame.pointee.next - code.pointee.instructions - 1, 0)
            failure.details.note(code, at: index)
            for number in 0..<code.pointee.loopCount {
                let range = code.pointee.loops[number]
                if index >= Int(range.start), index < Int(range.end) {
                    let iteration = frame.pointee.registers + Int(range.register)
                    iteration.pointee.endIteration()
                    iteration.pointee = .none
                }
            }
            state.pointee.depth -= 1
        }
    }
}
