extension Compiler {
    /// The most positional arguments of the simple call instructions.
    private static let simpleArguments = 255

    mutating func compile(call node: Node, into target: Int?) -> Int {
        builder.makesCalls = true
        let arguments = list(node.b)
        let isSimple =
            arguments.count <= Compiler.simpleArguments
            && arguments.allSatisfy { isPositional(self.node($0)) }
        let result = target ?? builder.allocate()
        let mark = builder.nextRegister
        let base = builder.allocate()
        let callee = self.node(unparenthesized(node.a))
        if isSimple {
            compile(simpleCall: node, callee, arguments, base, result)
        } else {
            compile(complexCall: node, arguments, base, result)
        }
        builder.nextRegister = mark
        return result
    }

    private func isPositional(_ node: Node) -> Bool {
        switch node.kind {
        case .namedArgument, .starArgument, .starStarArgument: false
        default: true
        }
    }

    /// The call is shown from the name that is called to its closing parenthesis.
    private mutating func setCallPosition(_ node: Node) {
        let callee = self.node(node.a)
        setPosition(callee.kind == .dot ? callee.c : min(node.c, callee.start), node.end)
        if callee.kind != .dot, callee.kind != .name { setPosition(node.c, node.end) }
    }

    private mutating func compile(
        simpleCall node: Node, _ callee: Node, _ arguments: ArraySlice<UInt32>, _ base: Int,
        _ result: Int
    ) {
        let count = arguments.count
        if callee.kind == .dot, let name = attributeNumber(callee.b) {
            _ = compile(callee.a, into: base)
            builder.nextRegister = base + 1
            _ = compile(consecutive: arguments)
            setCallPosition(node)
            builder.emit(Instruction(.callMethod, x: count, a: result, b: base, c: name))
            return
        }
        let binding = resolution.bindings[Int(unparenthesized(node.a))]
        if callee.kind == .name, binding.kind == .global, binding.index <= 0xffff {
            _ = compile(consecutive: arguments)
            setCallPosition(node)
            builder.emit(Instruction(.callGlobal, x: count, a: result, b: base, c: binding.index))
            return
        }
        if count == 1, let argument = arguments.first, isLength(callee, binding) {
            let value = compile(argument)
            setCallPosition(node)
            builder.emit(Instruction(.length, a: result, b: value))
            return
        }
        _ = compile(node.a, into: base)
        builder.nextRegister = base + 1
        _ = compile(consecutive: arguments)
        setCallPosition(node)
        builder.emit(Instruction(.call, x: count, a: result, b: base))
    }

    /// Whether the callee is the universal `len`, which has an instruction of its own: a universal name that the
    /// file does not bind means the same wherever it stands.
    private func isLength(_ callee: Node, _ binding: Binding) -> Bool {
        callee.kind == .name && binding.kind == .universal && tree.symbols.text(callee.a) == "len"
    }

    private mutating func compile(
        complexCall node: Node, _ arguments: ArraySlice<UInt32>, _ base: Int, _ result: Int
    ) {
        _ = compile(node.a, into: base)
        builder.nextRegister = base + 1
        var key = CallSiteKey(positionalCount: 0, names: [], hasStar: false, hasStarStar: false)
        // In source order, which is also the order of the registers but for `*args` before keywords.
        let nodes = arguments.map { self.node($0) }
        var operands: [NodeID] = []
        for (id, argument) in zip(arguments, nodes) {
            switch argument.kind {
            case .namedArgument:
                key.names.append(argument.a)
                operands.append(argument.b)
            case .starArgument: key.hasStar = true
            case .starStarArgument: key.hasStarStar = true
            default:
                key.positionalCount += 1
                operands.append(id)
            }
        }
        _ = compile(consecutive: operands[...])
        for kind in [NodeKind.starArgument, .starStarArgument] {
            for argument in nodes where argument.kind == kind {
                _ = compile(consecutive: [argument.a])
            }
        }
        setCallPosition(node)
        builder.emit(Instruction(.callComplex, a: result, b: base))
        builder.emit(Instruction(word: UInt64(callSite(key))))
    }
}
