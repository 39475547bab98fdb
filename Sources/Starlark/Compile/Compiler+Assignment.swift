import SourceDiagnostics

extension Compiler {
    /// The register of a local variable that is no cell, if that is all the target is.
    func directRegister(of target: NodeID) -> Int? {
        let node = self.node(target)
        if node.kind == .paren { return directRegister(of: node.a) }
        guard node.kind == .name else { return nil }
        let binding = resolution.bindings[Int(target)]
        guard binding.kind == .local, !scope.isCaptured[binding.index] else { return nil }
        return binding.index
    }

    mutating func compile(assignment node: Node) {
        if let slot = directRegister(of: node.a) {
            _ = compile(node.b, into: slot)
            markAssigned(slot)
            return
        }
        if compilePairwise(assignment: node) { return }
        let value = compile(node.b)
        setPosition(node.c, node.c + 1)
        assign(value, to: node.a)
    }

    /// `a, b = b, a` without a tuple: all values first, then the targets from left to right.
    private mutating func compilePairwise(assignment node: Node) -> Bool {
        let (target, value) = (
            self.node(unparenthesized(node.a)), self.node(unparenthesized(node.b))
        )
        guard target.kind == .tuple, value.kind == .tuple else { return false }
        let (targets, values) = (list(target.a), list(value.a))
        guard targets.count == values.count, values.count <= 16 else { return false }
        var registers: [Int] = []
        for value in values {
            let register = builder.allocate()
            registers.append(compile(value, into: register))
        }
        for (register, target) in zip(registers, targets) { assign(register, to: target) }
        return true
    }

    func unparenthesized(_ id: NodeID) -> NodeID {
        var id = id
        while node(id).kind == .paren { id = node(id).a }
        return id
    }

    /// Assigns a register to any target.
    mutating func assign(_ register: Int, to target: NodeID) {
        let node = self.node(target)
        let mark = builder.nextRegister
        defer { builder.nextRegister = mark }
        switch node.kind {
        case .paren: assign(register, to: node.a)
        case .name: store(register, to: resolution.bindings[Int(target)], name: node.a)
        case .tuple, .list: unpack(register, to: Array(list(node.a)), node)
        case .index:
            let object = compile(node.a)
            let index = compile(node.b)
            setPosition(node.c, node.end)
            builder.emit(Instruction(.setIndex, a: object, b: index, c: register))
        case .dot:
            let object = compile(node.a)
            setPosition(node.c, node.end)
            guard let name = attributeNumber(node.b) else { return failTooManyNames(node) }
            builder.emit(Instruction(.setAttribute, a: object, b: register, c: name))
        default: fail("cannot assign to this expression", at: node)
        }
    }

    private mutating func unpack(_ register: Int, to targets: [NodeID], _ node: Node) {
        setPosition(node)
        if targets.count == 2, let first = directRegister(of: targets[0]),
            let second = directRegister(of: targets[1])
        {
            builder.emit(Instruction(.unpack2, a: register, b: first, c: second))
            markAssigned(first)
            markAssigned(second)
            return
        }
        let first = builder.nextRegister
        for _ in targets { _ = builder.allocate() }
        builder.emit(Instruction(.unpack, a: register, b: first, c: targets.count))
        for (offset, target) in targets.enumerated() { assign(first + offset, to: target) }
    }

    /// Stores a register in a variable.
    mutating func store(_ register: Int, to binding: Binding, name: SymbolID) {
        switch binding.kind {
        case .local where scope.isCaptured[binding.index]:
            builder.emit(Instruction(.storeCell, a: binding.index, b: register))
        case .local:
            if register != binding.index {
                builder.emit(Instruction(.move, a: binding.index, b: register))
            }
            markAssigned(binding.index)
        case .global: builder.emit(Instruction(.storeGlobal, a: register, w: binding.index))
        case .free, .predeclared, .universal, .unresolved:
            preconditionFailure("the resolver binds names to locals and globals only")
        }
    }

    mutating func compile(augmented node: Node) {
        let target = self.node(unparenthesized(node.a))
        switch target.kind {
        case .name:
            let id = unparenthesized(node.a)
            let binding = resolution.bindings[Int(id)]
            let old = compileName(id, into: nil)
            let value = compile(node.b)
            let direct = directRegister(of: id)
            let result = direct ?? builder.allocate()
            emitAugmented(node, into: result, old, value)
            if direct == nil { store(result, to: binding, name: target.a) }
        case .index:
            let object = compile(target.a)
            let index = compile(target.b)
            let result = builder.allocate()
            setPosition(target.c, target.end)
            builder.emit(Instruction(.index, a: result, b: object, c: index))
            let value = compile(node.b)
            emitAugmented(node, into: result, result, value)
            setPosition(target.c, target.end)
            builder.emit(Instruction(.setIndex, a: object, b: index, c: result))
        case .dot:
            guard let name = attributeNumber(target.b) else { return failTooManyNames(node) }
            let object = compile(target.a)
            let result = builder.allocate()
            setPosition(target.c, target.end)
            builder.emit(Instruction(.attribute, a: result, b: object, c: name))
            let value = compile(node.b)
            emitAugmented(node, into: result, result, value)
            setPosition(target.c, target.end)
            builder.emit(Instruction(.setAttribute, a: object, b: result, c: name))
        default: fail("cannot assign to this expression", at: target)
        }
    }

    private mutating func emitAugmented(
        _ node: Node, into result: Int, _ old: Int, _ value: Int
    ) {
        setPosition(node.c, node.c + 2)
        guard let op = Operator(rawValue: node.detail) else { return }
        switch op {
        case .plus:
            if let constant = smallConstant(node.b) {
                builder.emit(Instruction(.addImmediate, a: result, b: old, c: constant))
            } else {
                builder.emit(Instruction(.augmentedAdd, a: result, b: old, c: value))
            }
        case .bitOr, .bitAnd, .bitXor, .minus:
            // Sets and dicts change in place; numbers take the fast path behind it.
            builder.emit(
                Instruction(.augmented, x: Int(op.rawValue), a: result, b: old, c: value))
        default: emitBinary(op, into: result, old, value, right: node.b)
        }
    }

    mutating func failTooManyNames(_ node: Node) {
        fail("too many different attribute names in one file", at: node)
    }
}
