/// The loop that runs register code. See `Opcode` for what each instruction does.
///
/// Everything in here is about what the hot path costs: plain pointers in local variables, one `switch`
/// with a jump table, no reference counting, no exclusivity checks, and every rarer case in a
/// function of its own that is not inlined. Cases that call something set `callee`, `arguments` and `count`, and
/// leave the `switch` by its end, where the call is made; all others `continue`.
struct Interpreter {
    let machine: Machine

    /// Runs the top frame until it returns.
    ///
    /// - Throws: what failed, after the frames down to and including the one started with are gone.
    func run() throws(Failure) -> Value {
        let state = machine.state
        let entry = state.pointee.depth
        state.pointee.loopDepth += 1
        defer { state.pointee.loopDepth -= 1 }
        var next = state.pointee.frames[entry - 1].next
        do throws(Failure) {
            return try loop(&next, entry: entry)
        } catch {
            unwind(error, next: next, to: entry - 1)
            throw error
        }
    }

    // The one function that is as long as the instruction set: splitting it costs a factor of two.
    private func loop(
        _ current: inout UnsafeMutablePointer<Instruction>, entry: Int
    ) throws(Failure) -> Value {
        let state = machine.state
        let arena = state.pointee.arena
        var frame = state.pointee.frames + (entry - 1)
        var pc = frame.pointee.next
        var registers = frame.pointee.registers
        var constants = frame.pointee.code.pointee.constants
        var globals = frame.pointee.globals
        // Wherever the loop is left by an error, `unwind` must know the instruction.
        defer { current = pc }

        while true {
            let instruction = pc.pointee
            pc += 1
            let callee: Value
            let arguments: UnsafeMutablePointer<Value>
            let count: Int
            switch instruction.opcode {
            // MARK: Loads and stores
            case .move:
                registers[instruction.a] = registers[instruction.b]
                continue
            case .loadConstant:
                registers[instruction.a] = constants[instruction.w]
                continue
            case .loadInt:
                registers[instruction.a] = Value(smallInt: instruction.w)
                continue
            case .loadGlobal:
                let value = globals[instruction.w]
                if value.isUnbound { throw unboundGlobal(frame, instruction.w) }
                registers[instruction.a] = value
                continue
            case .storeGlobal:
                globals[instruction.w] = registers[instruction.a]
                continue
            case .loadCell:
                let value = CellObject(registers[instruction.b]).pointer.pointee.content
                if value.isUnbound { throw unboundLocal(constants[Int(pc.pointee.word)]) }
                registers[instruction.a] = value
                pc += 1
                continue
            case .storeCell:
                CellObject(registers[instruction.a]).pointer.pointee.content =
                    registers[instruction.b]
                continue
            case .loadFree:
                let function = FunctionObject(frame.pointee.function)
                let cell = function.values[function.code.pointee.defaultCount &+ instruction.b]
                let value = CellObject(cell).pointer.pointee.content
                if value.isUnbound { throw unboundLocal(constants[Int(pc.pointee.word)]) }
                registers[instruction.a] = value
                pc += 1
                continue
            case .makeCell:
                let content = instruction.x == 1 ? registers[instruction.a] : .unbound
                registers[instruction.a] = arena.makeCell(content)
                continue
            case .checkBound:
                if registers[instruction.a].isUnbound {
                    throw unboundLocal(constants[instruction.w])
                }
                continue

            // MARK: Arithmetic
            case .add, .augmentedAdd:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0 {
                    // Tag bits: (2x + 1) - 1 + (2y + 1) = 2(x + y) + 1.
                    let sum = Int(bitPattern: x.bits &- 1)
                        .addingReportingOverflow(Int(bitPattern: y.bits))
                    if !sum.overflow {
                        registers[instruction.a] = Value(bits: UInt(bitPattern: sum.partialValue))
                        continue
                    }
                }
                try slowAdd(y, frame, pc)
                continue
            case .addImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt {
                    let sum = Int(bitPattern: x.bits)
                        .addingReportingOverflow(instruction.signedC &<< 1)
                    if !sum.overflow {
                        registers[instruction.a] = Value(bits: UInt(bitPattern: sum.partialValue))
                        continue
                    }
                }
                try slowBinary(.plus, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .subtract:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0 {
                    let difference = Int(bitPattern: x.bits)
                        .subtractingReportingOverflow(Int(bitPattern: y.bits &- 1))
                    if !difference.overflow {
                        registers[instruction.a] = Value(
                            bits: UInt(bitPattern: difference.partialValue))
                        continue
                    }
                }
                try slowBinary(.minus, y, frame, pc)
                continue
            case .subtractImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt {
                    let difference = Int(bitPattern: x.bits)
                        .subtractingReportingOverflow(instruction.signedC &<< 1)
                    if !difference.overflow {
                        registers[instruction.a] = Value(
                            bits: UInt(bitPattern: difference.partialValue))
                        continue
                    }
                }
                try slowBinary(.minus, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .multiply:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0 {
                    let product = Int(bitPattern: x.bits &- 1)
                        .multipliedReportingOverflow(by: y.smallInt)
                    if !product.overflow {
                        registers[instruction.a] = Value(
                            bits: UInt(bitPattern: product.partialValue) | 1)
                        continue
                    }
                }
                try slowBinary(.times, y, frame, pc)
                continue
            case .multiplyImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt {
                    let product = Int(bitPattern: x.bits &- 1)
                        .multipliedReportingOverflow(by: instruction.signedC)
                    if !product.overflow {
                        registers[instruction.a] = Value(
                            bits: UInt(bitPattern: product.partialValue) | 1)
                        continue
                    }
                }
                try slowBinary(.times, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .floorDivide:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0, y.smallInt > 0 {
                    registers[instruction.a] = Value(
                        smallInt: Interpreter.floorDivide(x.smallInt, y.smallInt))
                    continue
                }
                try slowBinary(.floorDivide, y, frame, pc)
                continue
            case .floorDivideImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt, instruction.signedC > 0 {
                    registers[instruction.a] = Value(
                        smallInt: Interpreter.floorDivide(x.smallInt, instruction.signedC))
                    continue
                }
                try slowBinary(.floorDivide, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .modulo:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0, y.smallInt > 0 {
                    registers[instruction.a] = Value(
                        smallInt: Interpreter.floorModulo(x.smallInt, y.smallInt))
                    continue
                }
                try slowBinary(.modulo, y, frame, pc)
                continue
            case .moduloImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt, instruction.signedC > 0 {
                    registers[instruction.a] = Value(
                        smallInt: Interpreter.floorModulo(x.smallInt, instruction.signedC))
                    continue
                }
                try slowBinary(.modulo, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .bitAnd:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0 {
                    registers[instruction.a] = Value(bits: x.bits & y.bits)
                    continue
                }
                try slowBinary(.bitAnd, y, frame, pc)
                continue
            case .bitAndImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt {
                    registers[instruction.a] = Value(
                        bits: x.bits & Value(smallInt: instruction.signedC).bits)
                    continue
                }
                try slowBinary(.bitAnd, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .bitOr:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0 {
                    registers[instruction.a] = Value(bits: x.bits | y.bits)
                    continue
                }
                try slowBinary(.bitOr, y, frame, pc)
                continue
            case .bitXor:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0 {
                    registers[instruction.a] = Value(bits: (x.bits ^ y.bits) | 1)
                    continue
                }
                try slowBinary(.bitXor, y, frame, pc)
                continue
            case .shiftLeft:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0,
                    let shifted = Interpreter.shiftLeft(x.smallInt, y.smallInt)
                {
                    registers[instruction.a] = Value(smallInt: shifted)
                    continue
                }
                try slowBinary(.shiftLeft, y, frame, pc)
                continue
            case .shiftLeftImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt,
                    let shifted = Interpreter.shiftLeft(x.smallInt, instruction.signedC)
                {
                    registers[instruction.a] = Value(smallInt: shifted)
                    continue
                }
                try slowBinary(.shiftLeft, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .shiftRight:
                let (x, y) = (registers[instruction.b], registers[instruction.c])
                if x.bits & y.bits & 1 != 0, y.smallInt >= 0 {
                    registers[instruction.a] = Value(smallInt: x.smallInt &>> min(y.smallInt, 63))
                    continue
                }
                try slowBinary(.shiftRight, y, frame, pc)
                continue
            case .shiftRightImmediate:
                let x = registers[instruction.b]
                if x.isSmallInt, instruction.signedC >= 0 {
                    registers[instruction.a] = Value(
                        smallInt: x.smallInt &>> min(instruction.signedC, 63))
                    continue
                }
                try slowBinary(.shiftRight, Value(smallInt: instruction.signedC), frame, pc)
                continue
            case .binary:
                try binary(frame, pc)
                continue
            case .augmented:
                try augmented(frame, pc)
                continue
            case .unary:
                try unary(frame, pc)
                continue
            case .not:
                registers[instruction.a] = Value(!registers[instruction.b].isTruthy)
                continue
            case .compare:
                registers[instruction.a] = Value(
                    try compare(instruction.x, registers[instruction.b], registers[instruction.c]))
                continue
            case .contains:
                let found = try contains(registers[instruction.b], registers[instruction.c])
                registers[instruction.a] = Value(found != (instruction.x == 1))
                continue

            // MARK: Jumps
            case .jump:
                pc += instruction.w
                continue
            case .jumpBack:
                pc += instruction.w
                state.pointee.fuel &-= 1
                if state.pointee.fuel < 0 { try interrupt(frame, pc) }
                continue
            case .jumpIf:
                pc +=
                    registers[instruction.a].isTruthy == (instruction.x != 0)
                    ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfEqual:
                let (x, y) = (registers[instruction.a], registers[instruction.b])
                let isEqual = x.bits & y.bits & 1 != 0 ? x.bits == y.bits : try equals(x, y)
                pc += isEqual == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfLess:
                let (x, y) = (registers[instruction.a], registers[instruction.b])
                let isLess =
                    x.bits & y.bits & 1 != 0
                    ? Int(bitPattern: x.bits) < Int(bitPattern: y.bits)
                    : try less(instruction, x, y)
                pc += isLess == (instruction.x & 1 != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfLessOrEqual:
                let (x, y) = (registers[instruction.a], registers[instruction.b])
                let isLess =
                    x.bits & y.bits & 1 != 0
                    ? Int(bitPattern: x.bits) <= Int(bitPattern: y.bits)
                    : try lessOrEqual(instruction, x, y)
                pc += isLess == (instruction.x & 1 != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfEqualImmediate:
                let (x, y) = (registers[instruction.a], Value(smallInt: instruction.signedB))
                let isEqual = x.isSmallInt ? x.bits == y.bits : try equals(x, y)
                pc += isEqual == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfLessImmediate:
                let x = registers[instruction.a]
                let holds =
                    x.isSmallInt
                    ? x.smallInt < instruction.signedB
                    : try compareImmediate(.less, x, instruction.signedB)
                pc += holds == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfLessOrEqualImmediate:
                let x = registers[instruction.a]
                let holds =
                    x.isSmallInt
                    ? x.smallInt <= instruction.signedB
                    : try compareImmediate(.lessOrEqual, x, instruction.signedB)
                pc += holds == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfGreaterImmediate:
                let x = registers[instruction.a]
                let holds =
                    x.isSmallInt
                    ? x.smallInt > instruction.signedB
                    : try compareImmediate(.greater, x, instruction.signedB)
                pc += holds == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfGreaterOrEqualImmediate:
                let x = registers[instruction.a]
                let holds =
                    x.isSmallInt
                    ? x.smallInt >= instruction.signedB
                    : try compareImmediate(.greaterOrEqual, x, instruction.signedB)
                pc += holds == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue
            case .jumpIfContains:
                let found = try contains(registers[instruction.a], registers[instruction.b])
                pc += found == (instruction.x != 0) ? pc.pointee.w &+ 1 : 1
                continue

            // MARK: Iteration
            case .iterate:
                try iterate(registers[instruction.b], state: registers + instruction.a)
                continue
            case .next:
                let iteration = registers + instruction.a
                let iterable = iteration[0]
                if iterable.isSmallInt {
                    // A range: next, how many are left, step.
                    let left = iteration[1].smallInt
                    if left == 0 {
                        pc += 1
                        continue
                    }
                    registers[instruction.b] = iterable
                    iteration[0] = Value(smallInt: iterable.smallInt &+ iteration[2].smallInt)
                    iteration[1] = Value(smallInt: left &- 1)
                } else if iterable.header.pointee.type == .list {
                    let position = iteration[1].smallInt
                    let list = ListObject(iterable)
                    if position >= list.count {
                        pc += 1
                        continue
                    }
                    registers[instruction.b] = list.items[position]
                    iteration[1] = Value(smallInt: position &+ 1)
                } else {
                    let element = try nextElement(iteration)
                    if element.isUnbound {
                        pc += 1
                        continue
                    }
                    registers[instruction.b] = element
                }
                pc += pc.pointee.w &+ 1
                state.pointee.fuel &-= 1
                if state.pointee.fuel < 0 { try interrupt(frame, pc) }
                continue
            case .endIteration:
                let iteration = registers + instruction.a
                iteration[0].endIteration()
                iteration[0] = .none
                continue

            // MARK: Containers
            case .makeList:
                registers[instruction.a] = try makeList(
                    registers + instruction.b, instruction.c)
                continue
            case .makeTuple:
                registers[instruction.a] = try makeTuple(
                    registers + instruction.b, instruction.c, fromList: instruction.x == 1)
                continue
            case .makeDict:
                registers[instruction.a] = try arena.makeTable(.dict, capacity: instruction.w).value
                continue
            case .insert:
                try insert(
                    registers[instruction.b], registers[instruction.c],
                    into: registers[instruction.a], mustBeNew: instruction.x == 1)
                continue
            case .append:
                try ListObject(registers[instruction.a])
                    .append(registers[instruction.b], in: arena)
                continue
            case .unpack:
                try unpack(
                    registers[instruction.a], to: registers + instruction.b, instruction.c)
                continue
            case .unpack2:
                let value = registers[instruction.a]
                if value.isObject(.tuple), TupleObject(value).count == 2 {
                    let items = TupleObject(value).items
                    registers[instruction.b] = items[0]
                    registers[instruction.c] = items[1]
                    continue
                }
                let pair = try unpackPair(value)
                registers[instruction.b] = pair.0
                registers[instruction.c] = pair.1
                continue
            case .index:
                let (object, index) = (registers[instruction.b], registers[instruction.c])
                if object.isObject {
                    let type = object.header.pointee.type
                    if type == .list, index.isSmallInt {
                        let list = ListObject(object)
                        if UInt(bitPattern: index.smallInt) < UInt(bitPattern: list.count) {
                            registers[instruction.a] = list.items[index.smallInt]
                            continue
                        }
                    } else if type == .dict {
                        let table = TableObject(object)
                        let found = try find(index, in: table)
                        if found >= 0 {
                            registers[instruction.a] = table.entries[found].value
                            continue
                        }
                    } else if type == .tuple, index.isSmallInt {
                        let tuple = TupleObject(object)
                        if UInt(bitPattern: index.smallInt) < UInt(bitPattern: tuple.count) {
                            registers[instruction.a] = tuple.items[index.smallInt]
                            continue
                        }
                    }
                }
                registers[instruction.a] = try slowIndex(object, index)
                continue
            case .setIndex:
                let (object, index) = (registers[instruction.a], registers[instruction.b])
                if object.isObject(.list), index.isSmallInt {
                    let list = ListObject(object)
                    let header = list.pointer.pointee.header
                    if UInt(bitPattern: index.smallInt) < UInt(bitPattern: list.count),
                        !header.flags.contains(.frozen), header.iterations == 0
                    {
                        list.items[index.smallInt] = registers[instruction.c]
                        continue
                    }
                }
                try slowSetIndex(object, index, registers[instruction.c])
                continue
            case .length:
                let value = registers[instruction.b]
                if value.isObject {
                    let header = value.header.pointee
                    switch header.type {
                    case .list, .tuple, .dict, .set:
                        registers[instruction.a] = Value(smallInt: Int(header.auxiliary))
                        continue
                    case .string:
                        registers[instruction.a] = Value(smallInt: StringObject(value).count)
                        continue
                    default: break
                    }
                }
                registers[instruction.a] = try slowLength(value)
                continue
            case .slice:
                try slice(frame, pc)
                continue
            case .attribute:
                let object = registers[instruction.b]
                let name = frame.pointee.code.pointee.attributeNames[instruction.c].string
                if object.isObject(.structure),
                    let field = StructureObject(object).field(StringObject(name))
                {
                    registers[instruction.a] = field
                    continue
                }
                registers[instruction.a] = try slowAttribute(object, name)
                continue
            case .setAttribute:
                let name = frame.pointee.code.pointee.attributeNames[instruction.c].string
                try setAttribute(registers[instruction.a], name, registers[instruction.b])
                continue

            // MARK: Functions
            case .makeFunction:
                registers[instruction.a] = try makeFunction(
                    frame, number: Int(pc.pointee.word), defaults: registers + instruction.b)
                pc += 1
                continue
            case .load:
                frame.pointee.next = pc
                try load(frame, instruction.w)
                continue
            case .return, .returnNone:
                let value =
                    instruction.opcode == .return ? registers[instruction.a] : Value.none
                let depth = state.pointee.depth &- 1
                state.pointee.depth = depth
                if depth < entry { return value }
                frame.pointee.result.pointee = value
                frame -= 1
                pc = frame.pointee.next
                registers = frame.pointee.registers
                constants = frame.pointee.code.pointee.constants
                globals = frame.pointee.globals
                continue
            case .callGlobal:
                callee = globals[instruction.c]
                arguments = registers + (instruction.b &+ 1)
                count = instruction.x
                if callee.isUnbound { throw unboundGlobal(frame, instruction.c) }
            case .call:
                callee = registers[instruction.b]
                arguments = registers + (instruction.b &+ 1)
                count = instruction.x
            case .callMethod:
                let receiver = registers[instruction.b]
                let name = frame.pointee.code.pointee.attributeNames + instruction.c
                arguments = registers + (instruction.b &+ 1)
                count = instruction.x
                if name.pointee.method == state.pointee.appendMethod, count == 1,
                    receiver.isObject(.list)
                {
                    // The commonest call of all, when nothing is in its way.
                    let list = ListObject(receiver)
                    let layout = list.pointer.pointee
                    if layout.header.iterations == 0, !layout.header.flags.contains(.frozen),
                        list.count < layout.capacity
                    {
                        layout.items[list.count] = arguments[0]
                        list.count &+= 1
                        registers[instruction.a] = .none
                        continue
                    }
                }
                if receiver.isObject, name.pointee.method != 0 {
                    let type = Int(receiver.header.pointee.type.rawValue)
                    let row = type &* state.pointee.methodCount
                    if let method = state.pointee.methods[row &+ name.pointee.method] {
                        frame.pointee.next = pc
                        registers[instruction.a] = try callMethod(
                            method, receiver, arguments, count)
                        if state.pointee.fuel < 0 { try interrupt(frame, pc) }
                        continue
                    }
                }
                callee = try slowAttribute(receiver, name.pointee.string)
            case .callComplex:
                frame.pointee.next = pc + 1
                let site = frame.pointee.code.pointee.callSites + Int(pc.pointee.word)
                pc += 1
                let entered = try callComplex(
                    registers + instruction.b, site, frame, result: registers + instruction.a)
                if entered {
                    frame += 1
                    pc = frame.pointee.next
                    registers = frame.pointee.registers
                    constants = frame.pointee.code.pointee.constants
                    globals = frame.pointee.globals
                }
                if state.pointee.fuel < 0 { try interrupt(frame, pc) }
                continue
            }

            // The call of `callee`, set above.
            guard callee.isObject(.function) else {
                frame.pointee.next = pc
                registers[instruction.a] = try callOther(callee, arguments, count)
                if state.pointee.fuel < 0 { try interrupt(frame, pc) }
                continue
            }
            let function = FunctionObject(callee)
            let code = function.code
            var window = arguments
            if !code.pointee.isSimple || code.pointee.parameterCount != count {
                window = try bind(function, arguments, count)
            }
            try checkCall(code, window, state)
            frame.pointee.next = pc
            frame += 1
            state.pointee.depth &+= 1
            pc = code.pointee.instructions
            constants = code.pointee.constants
            globals = function.pointer.pointee.globals.pointee.values
            frame.initialize(
                to: Frame(
                    code: code, next: pc, registers: window, function: callee, globals: globals,
                    result: registers + instruction.a))
            registers = window
            state.pointee.fuel &-= 1
            if state.pointee.fuel < 0 { try interrupt(frame, pc) }
        }
    }
}
