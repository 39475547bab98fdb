extension Compiler {
    /// Compiles an expression. The result is in the register returned: `target` if given, else a local
    /// variable's own register or a new temporary.
    mutating func compile(_ id: NodeID, into target: Int? = nil) -> Int {
        let node = self.node(id)
        switch node.kind {
        case .paren: return compile(node.a, into: target)
        case .name: return compileName(id, into: target)
        case .int: return load(int: Int(node.a) | Int(node.b) << 32, into: target)
        case .bigInt: return load(constant: bigIntConstant(node.a, at: node), into: target)
        case .float:
            let bits = UInt64(node.a) | UInt64(node.b) << 32
            return load(constant: floatConstant(bits: bits), into: target)
        case .string: return load(constant: stringConstant(node.a), into: target)
        case .bytes: return load(constant: bytesConstant(node.a), into: target)
        case .list: return compile(items: node, tuple: false, into: target)
        case .tuple: return compile(items: node, tuple: true, into: target)
        case .dict: return compile(dict: node, into: target)
        case .unary: return compile(unary: node, into: target)
        case .binary: return compile(binary: id, into: target)
        case .conditional: return compile(conditional: node, into: target)
        case .call: return compile(call: node, into: target)
        case .dot:
            let result = target ?? builder.allocate()
            let mark = builder.nextRegister
            let object = compile(node.a)
            setPosition(node.c, node.end)
            if let name = attributeNumber(node.b) {
                builder.emit(Instruction(.attribute, a: result, b: object, c: name))
            } else {
                failTooManyNames(node)
            }
            builder.nextRegister = mark
            return result
        case .index:
            let result = target ?? builder.allocate()
            let mark = builder.nextRegister
            let object = compile(node.a)
            let index = compile(node.b)
            setPosition(node.c, node.end)
            builder.emit(Instruction(.index, a: result, b: object, c: index))
            builder.nextRegister = mark
            return result
        case .slice: return compile(slice: node, into: target)
        case .lambda: return compileFunctionValue(id, parameters: node.a, into: target)
        case .listComprehension, .dictComprehension:
            return compile(comprehension: node, into: target)
        default: preconditionFailure("not an expression: \(node.kind)")
        }
    }

    // MARK: Names and constants

    mutating func compileName(_ id: NodeID, into target: Int?) -> Int {
        let node = self.node(id)
        let binding = resolution.bindings[Int(id)]
        setPosition(node)
        switch binding.kind {
        case .local where !scope.isCaptured[binding.index]:
            let slot = binding.index
            if slot >= isAssigned.count || !isAssigned[slot] {
                builder.emit(Instruction(.checkBound, a: slot, w: stringConstant(node.a)))
                checkedLocals.insert(slot)
                markAssigned(slot)
            }
            guard let target, target != slot else { return slot }
            builder.emit(Instruction(.move, a: target, b: slot))
            return target
        case .local, .free:
            let result = target ?? builder.allocate()
            let opcode: Opcode = binding.kind == .local ? .loadCell : .loadFree
            builder.emit(Instruction(opcode, a: result, b: binding.index))
            builder.emit(Instruction(word: UInt64(stringConstant(node.a))))
            return result
        case .global, .predeclared:
            let result = target ?? builder.allocate()
            builder.emit(Instruction(.loadGlobal, a: result, w: globalIndex(binding)))
            return result
        case .universal:
            return load(constant: universalConstant(node.a, binding.index), into: target)
        case .unresolved: preconditionFailure("resolution failed, so nothing is compiled")
        }
    }

    /// Predeclared values stand after the globals.
    func globalIndex(_ binding: Binding) -> Int {
        binding.kind == .global ? binding.index : resolution.globals.count + binding.index
    }

    private mutating func universalConstant(_ symbol: SymbolID, _ index: Int) -> Int {
        if let known = universalConstants[index] { return known }
        guard let value = Universe.shared.value(named: tree.symbols.text(symbol)) else {
            preconditionFailure("the resolver found the name in the universe")
        }
        let number = addConstant(value)
        universalConstants[index] = number
        return number
    }

    private mutating func load(constant: Int, into target: Int?) -> Int {
        let result = target ?? builder.allocate()
        builder.emit(Instruction(.loadConstant, a: result, w: constant))
        return result
    }

    private mutating func load(int: Int, into target: Int?) -> Int {
        guard Int(Int32(truncatingIfNeeded: int)) == int else {
            return load(constant: intConstant(int), into: target)
        }
        let result = target ?? builder.allocate()
        builder.emit(Instruction(.loadInt, a: result, w: int))
        return result
    }

    /// An integer literal, perhaps negative, that fits into 16 bits.
    func smallConstant(_ id: NodeID) -> Int? {
        let node = self.node(id)
        switch node.kind {
        case .paren: return smallConstant(node.a)
        case .int: return node.b == 0 && node.a <= 0x7fff ? Int(node.a) : nil
        case .unary where node.detail == Operator.minus.rawValue:
            guard self.node(node.a).kind == .int else { return nil }
            return smallConstant(node.a).map { -$0 }
        default: return nil
        }
    }

    // MARK: Displays

    /// So many items are put together in registers; beyond, they are appended one by one.
    private static let directItems = 64

    private mutating func compile(items node: Node, tuple: Bool, into target: Int?) -> Int {
        let result = target ?? builder.allocate()
        let mark = builder.nextRegister
        let items = list(node.a)
        if items.count <= Compiler.directItems {
            let first = compile(consecutive: items)
            setPosition(node)
            builder.emit(
                Instruction(tuple ? .makeTuple : .makeList, a: result, b: first, c: items.count))
        } else {
            let list = builder.allocate()
            builder.emit(Instruction(.makeList, a: list))
            let item = builder.allocate()
            for id in items {
                let register = compile(id, into: item)
                builder.emit(Instruction(.append, a: list, b: register))
                builder.nextRegister = item + 1
            }
            builder.emit(
                tuple
                    ? Instruction(.makeTuple, x: 1, a: result, b: list)
                    : Instruction(.move, a: result, b: list))
        }
        builder.nextRegister = mark
        return result
    }

    /// Compiles expressions into consecutive new temporaries; returns the first.
    mutating func compile(consecutive items: ArraySlice<UInt32>) -> Int {
        let first = builder.nextRegister
        for id in items {
            let register = builder.allocate()
            _ = compile(id, into: register)
            builder.nextRegister = register + 1
        }
        return first
    }

    private mutating func compile(dict node: Node, into target: Int?) -> Int {
        let mark = builder.nextRegister
        let result = builder.allocate()
        let items = Array(list(node.a))
        builder.emit(Instruction(.makeDict, a: result, w: items.count / 2))
        let inner = builder.nextRegister
        for pair in stride(from: 0, to: items.count - 1, by: 2) {
            let key = compile(items[pair])
            let value = compile(items[pair + 1])
            setPosition(self.node(items[pair]))
            builder.emit(Instruction(.insert, x: 1, a: result, b: key, c: value))
            builder.nextRegister = inner
        }
        return deliver(result, to: target, mark)
    }

    /// Moves a result that could not be built in its target, because the parts may read the target.
    private mutating func deliver(_ result: Int, to target: Int?, _ mark: Int) -> Int {
        guard let target else {
            builder.nextRegister = result + 1
            return result
        }
        builder.emit(Instruction(.move, a: target, b: result))
        builder.nextRegister = mark
        return target
    }

    private mutating func compile(slice node: Node, into target: Int?) -> Int {
        let result = target ?? builder.allocate()
        let mark = builder.nextRegister
        let first = builder.allocate()
        _ = compile(node.a, into: first)
        for part in list(node.b) {
            let register = builder.allocate()
            if part != 0 {
                _ = compile(part, into: register)
            } else {
                _ = load(constant: noneConstant(), into: register)
            }
            builder.nextRegister = register + 1
        }
        setPosition(node.c, node.end)
        builder.emit(Instruction(.slice, a: result, b: first))
        builder.nextRegister = mark
        return result
    }

    private mutating func noneConstant() -> Int {
        if let known = universalConstants[-1] { return known }
        universalConstants[-1] = addConstant(.none)
        return unit.constants.count - 1
    }

    // MARK: Comprehensions

    private mutating func compile(comprehension node: Node, into target: Int?) -> Int {
        let mark = builder.nextRegister
        let result = builder.allocate()
        let isDict = node.kind == .dictComprehension
        builder.emit(
            isDict
                ? Instruction(.makeDict, a: result, w: 0) : Instruction(.makeList, a: result))
        compile(clauses: Array(list(node.c)), at: 0) { compiler in
            if isDict {
                let key = compiler.compile(node.a)
                let value = compiler.compile(node.b)
                compiler.setPosition(compiler.node(node.a))
                compiler.builder.emit(Instruction(.insert, a: result, b: key, c: value))
            } else {
                let value = compiler.compile(node.a)
                compiler.builder.emit(Instruction(.append, a: result, b: value))
            }
        }
        return deliver(result, to: target, mark)
    }

    private mutating func compile(
        clauses: [NodeID], at position: Int, body: (inout Compiler) -> Void
    ) {
        guard position < clauses.count else { return body(&self) }
        let clause = node(clauses[position])
        if clause.kind == .forClause {
            compileLoop(over: clause.b, target: clause.a) { compiler in
                compiler.compile(clauses: clauses, at: position + 1, body: body)
            }
            return
        }
        var skips: [Int] = []
        let mark = builder.nextRegister
        branch(clause.a, when: false, to: &skips)
        builder.nextRegister = mark
        let before = isAssigned
        compile(clauses: clauses, at: position + 1, body: body)
        isAssigned = before
        builder.patch(skips)
    }

    // MARK: Functions

    mutating func compileFunctionValue(_ id: NodeID, parameters: UInt32, into target: Int?) -> Int {
        let result = target ?? builder.allocate()
        let mark = builder.nextRegister
        // Keyword-only defaults may stand between; their order is that of the parameters.
        let defaults = list(parameters).map { self.node($0) }.filter { $0.b != 0 }.map(\.b)
        let first = compile(consecutive: defaults[...])
        setPosition(node(id))
        builder.emit(Instruction(.makeFunction, a: result, b: first))
        builder.emit(Instruction(word: UInt64(resolution.functionOfNode[id] ?? 0)))
        builder.nextRegister = mark
        return result
    }
}
