extension Compiler {
    mutating func compile(statementsAt index: UInt32) {
        for id in list(index) { compile(statement: id) }
    }

    mutating func compile(statement id: NodeID) {
        let node = self.node(id)
        let mark = builder.nextRegister
        defer { builder.nextRegister = mark }
        switch node.kind {
        case .expressionStatement:
            compile(expressionStatement: node.a)
            markStep(node)
        case .assignment:
            compile(assignment: node)
            markStep(node)
        case .augmentedAssignment:
            compile(augmented: node)
            markStep(node)
        case .def:
            let binding = resolution.bindings[Int(id)]
            let register = compileFunctionValue(id, parameters: node.b, into: nil)
            store(register, to: binding, name: node.a)
        case .returnStatement: compile(returnStatement: node)
        case .ifStatement: compile(ifStatement: id)
        case .forStatement: compile(forStatement: node)
        case .whileStatement: compile(whileStatement: node)
        case .breakStatement:
            loops[loops.count - 1].breaks.append(builder.emitJump())
            markUnreachable()
        case .continueStatement:
            loops[loops.count - 1].continues.append(builder.emitJump())
            markUnreachable()
        case .load:
            compile(load: node)
            markStep(node)
        default: break
        }
    }

    /// Docstrings and other literals leave nothing behind.
    private mutating func compile(expressionStatement id: NodeID) {
        switch node(id).kind {
        case .string, .int, .float, .bytes, .bigInt: break
        default: _ = compile(id)
        }
    }

    private mutating func compile(returnStatement node: Node) {
        var result: Int?
        if node.a != 0 { result = compile(node.a) }
        markStep(node)
        setPosition(node)
        for loop in loops.reversed() {
            if let iteration = loop.iteration {
                builder.emit(Instruction(.endIteration, a: iteration))
            }
        }
        if let result {
            builder.emit(Instruction(.return, a: result))
        } else {
            builder.emit(Instruction(.returnNone))
        }
        markUnreachable()
    }

    /// An `elif` chain is compiled in a loop, as it may be long.
    private mutating func compile(ifStatement id: NodeID) {
        var ends: [Int] = []
        var next = id
        var merged: [Bool]?
        while true {
            let node = self.node(next)
            var toElse: [Int] = []
            let mark = builder.nextRegister
            branch(node.a, when: false, to: &toElse)
            builder.nextRegister = mark
            let before = isAssigned
            markStep(self.node(node.a))
            compile(statementsAt: node.b)
            merged = merge(merged, isAssigned)
            isAssigned = before
            guard node.c != 0 else {
                builder.patch(toElse)
                break
            }
            ends.append(builder.emitJump())
            builder.patch(toElse)
            markStep(self.node(node.a))
            let rest = list(node.c)
            if rest.count == 1, let only = rest.first, self.node(only).kind == .ifStatement {
                next = only
                continue
            }
            compile(statementsAt: node.c)
            break
        }
        builder.patch(ends)
        isAssigned = merge(merged, isAssigned)
    }

    private mutating func compile(forStatement node: Node) {
        compileLoop(over: node.b, target: node.a) { compiler in
            compiler.compile(statementsAt: node.c)
        }
    }

    /// A loop over an iterable, for statements and comprehensions alike. Its condition stands at the bottom.
    mutating func compileLoop(
        over iterable: NodeID, target: NodeID, body: (inout Compiler) -> Void
    ) {
        let state = builder.allocate()
        _ = builder.allocate()
        _ = builder.allocate()
        let mark = builder.nextRegister
        let source = compile(iterable)
        setPosition(self.node(iterable))
        builder.emit(Instruction(.iterate, a: state, b: source))
        builder.nextRegister = mark
        let toNext = builder.emitJump()
        let rangeStart = builder.count

        loops.append(LoopContext(iteration: state))
        let before = isAssigned
        let element = directRegister(of: target) ?? builder.allocate()
        if directRegister(of: target) == nil {
            setPosition(self.node(target))
            assign(element, to: target)
        } else {
            markAssigned(element)
        }
        body(&self)
        let loop = loops.removeLast()
        isAssigned = before

        builder.patch(loop.continues)
        builder.patch(toNext)
        setPosition(self.node(iterable))
        builder.emit(Instruction(.next, a: state, b: element))
        let back = builder.emitJump()
        builder.patch(back, to: rangeStart)
        builder.patch(loop.breaks)
        // From the jump before the body: an interrupt between two rounds is placed there.
        builder.loops.append(
            LoopRange(
                start: UInt32(rangeStart - 1), end: UInt32(builder.count), register: UInt32(state)))
        builder.emit(Instruction(.endIteration, a: state))
        builder.nextRegister = mark
    }

    private mutating func compile(whileStatement node: Node) {
        var toEnd: [Int] = []
        let mark = builder.nextRegister
        branch(node.a, when: false, to: &toEnd)
        builder.nextRegister = mark
        let start = builder.count
        loops.append(LoopContext(iteration: nil))
        let before = isAssigned
        compile(statementsAt: node.c)
        let loop = loops.removeLast()
        isAssigned = before
        builder.patch(loop.continues)
        // The condition once more at the bottom: one jump an iteration instead of two.
        var toExit: [Int] = []
        branch(node.a, when: false, to: &toExit)
        builder.nextRegister = mark
        setPosition(node)
        builder.emit(Instruction(.jumpBack, w: start - (builder.count + 1)))
        builder.patch(toExit)
        builder.patch(toEnd)
        builder.patch(loop.breaks)
    }

    private mutating func compile(load node: Node) {
        let module = self.node(node.a)
        var site = LoadSite(
            module: tree.symbols.text(module.a),
            moduleSpan: UInt64(module.start) | UInt64(module.end) << 32, bindings: [])
        for id in list(node.b) {
            let binding = self.node(id)
            site.bindings.append(
                (
                    binding.detail == 1 ? nil : tree.symbols.text(binding.b),
                    resolution.bindings[Int(id)].index,
                    UInt64(binding.start) | UInt64(binding.end) << 32
                ))
        }
        unit.loadSites.append(site)
        setPosition(module)
        builder.makesCalls = true
        builder.emit(Instruction(.load, w: unit.loadSites.count - 1))
    }

    // MARK: Which locals are bound for certain

    mutating func markAssigned(_ slot: Int) {
        if slot < isAssigned.count { isAssigned[slot] = true }
    }

    /// After a jump away, whatever follows is not reached: there everything counts as bound.
    private mutating func markUnreachable() {
        for slot in isAssigned.indices { isAssigned[slot] = true }
    }

    private func merge(_ one: [Bool]?, _ other: [Bool]) -> [Bool] {
        guard let one else { return other }
        return zip(one, other).map { $0 && $1 }
    }
}
