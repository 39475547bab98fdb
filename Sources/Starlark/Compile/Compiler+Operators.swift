extension Compiler {
    mutating func compile(unary node: Node, into target: Int?) -> Int {
        let result = target ?? builder.allocate()
        let mark = builder.nextRegister
        if node.detail == Operator.minus.rawValue, self.node(node.a).kind == .int {
            let operand = self.node(node.a)
            let value = Int(operand.a) | Int(operand.b) << 32
            if value <= 0x7fff_ffff {
                builder.emit(Instruction(.loadInt, a: result, w: -value))
                return result
            }
        }
        let operand = compile(node.a)
        setPosition(node)
        if node.detail == Operator.not.rawValue {
            builder.emit(Instruction(.not, a: result, b: operand))
        } else {
            builder.emit(Instruction(.unary, x: Int(node.detail), a: result, b: operand))
        }
        builder.nextRegister = mark
        return result
    }

    /// A chain of left operands is compiled in a loop: it may be thousands long.
    mutating func compile(binary id: NodeID, into target: Int?) -> Int {
        let node = self.node(id)
        if node.detail == Operator.and.rawValue || node.detail == Operator.or.rawValue {
            return compile(logical: id, into: target)
        }
        var chain: [NodeID] = []
        var next = id
        while self.node(next).kind == .binary, !isLogical(self.node(next)) {
            chain.append(next)
            next = self.node(next).a
        }
        let mark = builder.nextRegister
        let result = target ?? builder.allocate()
        let inner = builder.nextRegister
        var left = compile(next)
        // Intermediate results must not go to the target: a later operand may read it.
        var scratch: Int?
        for link in chain.reversed() {
            let operation = self.node(link)
            guard let op = Operator(rawValue: operation.detail) else { continue }
            if link != id, scratch == nil {
                builder.nextRegister = max(builder.nextRegister, inner)
                scratch = builder.allocate()
            }
            let after = builder.nextRegister
            let right =
                hasImmediate(op) && smallConstant(operation.b) != nil
                ? 0 : compile(operation.b)
            let end = operation.c + UInt32(op.length)
            setPosition(operation.c, end)
            let destination = link == id ? result : scratch ?? result
            emitBinary(op, into: destination, left, right, right: operation.b)
            left = destination
            builder.nextRegister = after
        }
        builder.nextRegister = target == nil ? result + 1 : mark
        return result
    }

    private func isLogical(_ node: Node) -> Bool {
        node.detail == Operator.and.rawValue || node.detail == Operator.or.rawValue
    }

    private func hasImmediate(_ op: Operator) -> Bool {
        switch op {
        case .plus, .minus, .times, .floorDivide, .modulo, .bitAnd, .shiftLeft, .shiftRight: true
        default: false
        }
    }

    /// `right` is the node of the right operand, for small constants that need no register.
    mutating func emitBinary(
        _ op: Operator, into result: Int, _ left: Int, _ register: Int, right: NodeID
    ) {
        if hasImmediate(op), let constant = smallConstant(right) {
            let opcode: Opcode
            switch op {
            case .plus: opcode = .addImmediate
            case .minus: opcode = .subtractImmediate
            case .times: opcode = .multiplyImmediate
            case .floorDivide: opcode = .floorDivideImmediate
            case .modulo: opcode = .moduloImmediate
            case .bitAnd: opcode = .bitAndImmediate
            case .shiftLeft: opcode = .shiftLeftImmediate
            default: opcode = .shiftRightImmediate
            }
            builder.emit(Instruction(opcode, a: result, b: left, c: constant))
            return
        }
        let opcode: Opcode
        switch op {
        case .plus: opcode = .add
        case .minus: opcode = .subtract
        case .times: opcode = .multiply
        case .floorDivide: opcode = .floorDivide
        case .modulo: opcode = .modulo
        case .bitAnd: opcode = .bitAnd
        case .bitOr: opcode = .bitOr
        case .bitXor: opcode = .bitXor
        case .shiftLeft: opcode = .shiftLeft
        case .shiftRight: opcode = .shiftRight
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual: opcode = .compare
        case .in, .notIn:
            builder.emit(
                Instruction(.contains, x: op == .notIn ? 1 : 0, a: result, b: left, c: register))
            return
        default: opcode = .binary
        }
        builder.emit(
            Instruction(opcode, x: Int(op.rawValue), a: result, b: left, c: register))
    }

    /// `and` and `or` as values: the first operand that decides.
    private mutating func compile(logical id: NodeID, into target: Int?) -> Int {
        let op = node(id).detail
        let operands = flatten(id, op)
        let mark = builder.nextRegister
        // Not in the target itself: the operands may read it.
        let result = builder.allocate()
        var ends: [Int] = []
        let before = isAssigned
        for (position, operand) in operands.enumerated() {
            let inner = builder.nextRegister
            _ = compile(operand, into: result)
            builder.nextRegister = inner
            if position == operands.count - 1 { break }
            builder.emit(
                Instruction(.jumpIf, x: op == Operator.or.rawValue ? 1 : 0, a: result))
            ends.append(builder.emitJump())
        }
        isAssigned = before
        builder.patch(ends)
        guard let target else { return result }
        builder.emit(Instruction(.move, a: target, b: result))
        builder.nextRegister = mark
        return target
    }

    /// The operands of a chain of one logical operator, from left to right.
    private func flatten(_ id: NodeID, _ op: UInt8) -> [NodeID] {
        var operands: [NodeID] = []
        var next = id
        while node(next).kind == .binary, node(next).detail == op {
            operands.append(node(next).b)
            next = node(next).a
        }
        operands.append(next)
        return operands.reversed()
    }

    mutating func compile(conditional node: Node, into target: Int?) -> Int {
        let result = target ?? builder.allocate()
        let mark = builder.nextRegister
        var toElse: [Int] = []
        branch(node.b, when: false, to: &toElse)
        builder.nextRegister = mark
        let before = isAssigned
        _ = compile(node.a, into: result)
        builder.nextRegister = mark
        isAssigned = before
        let toEnd = builder.emitJump()
        builder.patch(toElse)
        _ = compile(node.c, into: result)
        builder.nextRegister = mark
        isAssigned = before
        builder.patch(toEnd)
        return result
    }

    // MARK: Conditions

    /// Jumps if the truth of the expression is `expected`, else goes on with the next instruction.
    /// The jumps to be patched are added to `jumps`.
    mutating func branch(_ id: NodeID, when expected: Bool, to jumps: inout [Int]) {
        let node = self.node(id)
        let mark = builder.nextRegister
        defer { builder.nextRegister = mark }
        switch node.kind {
        case .paren: branch(node.a, when: expected, to: &jumps)
        case .unary where node.detail == Operator.not.rawValue:
            branch(node.a, when: !expected, to: &jumps)
        case .binary where isLogical(node): branch(logical: id, when: expected, to: &jumps)
        case .binary where isComparison(node):
            branch(comparison: node, when: expected, to: &jumps)
        default:
            let value = compile(id)
            setPosition(node)
            builder.emit(Instruction(.jumpIf, x: expected ? 1 : 0, a: value))
            jumps.append(builder.emitJump())
        }
    }

    private mutating func branch(logical id: NodeID, when expected: Bool, to jumps: inout [Int]) {
        let op = node(id).detail
        let operands = flatten(id, op)
        // `or` decides as soon as one is true, `and` as soon as one is false.
        let decides = op == Operator.or.rawValue
        let before = isAssigned
        if decides == expected {
            for operand in operands { branch(operand, when: expected, to: &jumps) }
        } else {
            var skips: [Int] = []
            for operand in operands.dropLast() { branch(operand, when: decides, to: &skips) }
            branch(operands[operands.count - 1], when: expected, to: &jumps)
            builder.patch(skips)
        }
        isAssigned = before
    }

    private func isComparison(_ node: Node) -> Bool {
        switch Operator(rawValue: node.detail) {
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual, .in, .notIn: true
        default: false
        }
    }

    private mutating func branch(
        comparison node: Node, when expected: Bool, to jumps: inout [Int]
    ) {
        guard let op = Operator(rawValue: node.detail) else { return }
        let left = compile(node.a)
        let constant = smallConstant(node.b)
        let right = constant == nil || op == .in || op == .notIn ? compile(node.b) : 0
        setPosition(node.c, node.c + UInt32(op.length))
        let flag = expected ? 1 : 0
        let instruction: Instruction
        switch op {
        case .in: instruction = Instruction(.jumpIfContains, x: flag, a: left, b: right)
        case .notIn: instruction = Instruction(.jumpIfContains, x: 1 - flag, a: left, b: right)
        default:
            if let constant {
                instruction = immediateComparison(op, flag, left, constant)
            } else {
                instruction = comparison(op, flag, left, right)
            }
        }
        builder.emit(instruction)
        jumps.append(builder.emitJump())
    }

    private func immediateComparison(
        _ op: Operator, _ flag: Int, _ left: Int, _ constant: Int
    ) -> Instruction {
        switch op {
        case .equal: Instruction(.jumpIfEqualImmediate, x: flag, a: left, b: constant)
        case .notEqual: Instruction(.jumpIfEqualImmediate, x: 1 - flag, a: left, b: constant)
        case .less: Instruction(.jumpIfLessImmediate, x: flag, a: left, b: constant)
        case .lessOrEqual: Instruction(.jumpIfLessOrEqualImmediate, x: flag, a: left, b: constant)
        case .greater: Instruction(.jumpIfGreaterImmediate, x: flag, a: left, b: constant)
        default: Instruction(.jumpIfGreaterOrEqualImmediate, x: flag, a: left, b: constant)
        }
    }

    private func comparison(
        _ op: Operator, _ flag: Int, _ left: Int, _ right: Int
    ) -> Instruction {
        switch op {
        case .equal: Instruction(.jumpIfEqual, x: flag, a: left, b: right)
        case .notEqual: Instruction(.jumpIfEqual, x: 1 - flag, a: left, b: right)
        case .less: Instruction(.jumpIfLess, x: flag, a: left, b: right)
        case .lessOrEqual: Instruction(.jumpIfLessOrEqual, x: flag, a: left, b: right)
        case .greater: Instruction(.jumpIfLess, x: flag | 2, a: right, b: left)
        default: Instruction(.jumpIfLessOrEqual, x: flag | 2, a: right, b: left)
        }
    }
}

extension Operator {
    /// How many bytes the operator takes in the source.
    var length: Int {
        switch self {
        case .less, .greater, .bitOr, .bitXor, .bitAnd, .plus, .minus, .times, .divide, .modulo,
            .tilde:
            1
        case .and, .not: 3
        case .notIn: 6
        default: 2
        }
    }
}
