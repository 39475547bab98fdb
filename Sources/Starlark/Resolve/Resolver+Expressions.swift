extension Resolver {
    mutating func resolve(_ id: NodeID) {
        let node = self.node(id)
        switch node.kind {
        case .name: bindings[Int(id)] = use(node.a, at: id)
        case .list, .tuple, .dict: for item in list(node.a) { resolve(item) }
        case .paren, .unary, .starArgument, .starStarArgument, .ifClause, .dot: resolve(node.a)
        case .binary: resolve(binary: id)
        case .conditional:
            resolve(node.b)
            resolve(node.a)
            resolve(node.c)
        case .call:
            resolve(node.a)
            for argument in list(node.b) { resolve(argument) }
        case .namedArgument: resolve(node.b)
        case .index:
            resolve(node.a)
            resolve(node.b)
        case .slice:
            resolve(node.a)
            for part in list(node.b) where part != 0 { resolve(part) }
        case .lambda: resolveFunction(id, parameters: node.a, body: nil)
        case .listComprehension, .dictComprehension: resolve(comprehension: node)
        default: break
        }
    }

    /// Walks down the left operands in a loop: `a + b + c + …` may be thousands long.
    private mutating func resolve(binary id: NodeID) {
        var operands: [NodeID] = []
        var next = id
        while node(next).kind == .binary {
            operands.append(node(next).b)
            next = node(next).a
        }
        resolve(next)
        for operand in operands.reversed() { resolve(operand) }
    }

    /// The first iterable belongs to the enclosing scope; the rest sees the variables bound so far.
    private mutating func resolve(comprehension node: Node) {
        let mark = scopeEntries.count
        for clauseID in list(node.c) {
            let clause = self.node(clauseID)
            guard clause.kind == .forClause else {
                resolve(clause.a)
                continue
            }
            resolve(clause.b)
            bindComprehensionTarget(clause.a)
        }
        resolve(node.a)
        if node.kind == .dictComprehension { resolve(node.b) }
        closeScope(to: mark)
    }

    private mutating func bindComprehensionTarget(_ id: NodeID) {
        let node = self.node(id)
        switch node.kind {
        case .name: bindings[Int(id)] = openLocal(node.a)
        case .paren: bindComprehensionTarget(node.a)
        case .tuple, .list: for item in list(node.a) { bindComprehensionTarget(item) }
        default: resolve(id)
        }
    }
}
