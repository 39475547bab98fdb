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

    /// The first iterable belongs to the enclosing scope. The rest is one scope: all of it sees all
    /// variables, those of later clauses too (Starlark spec, Name binding and variables).
    private mutating func resolve(comprehension node: Node) {
        let clauses = list(node.c)
        if let first = clauses.first { resolve(self.node(first).b) }
        let mark = scopeEntries.count
        for id in clauses where self.node(id).kind == .forClause {
            openLocals(ofTarget: self.node(id).a, above: mark)
        }
        for id in clauses {
            let clause = self.node(id)
            if clause.kind == .forClause {
                if id != clauses.first { resolve(clause.b) }
                resolve(target: clause.a)
            } else {
                resolve(clause.a)
            }
        }
        resolve(node.a)
        if node.kind == .dictComprehension { resolve(node.b) }
        closeScope(to: mark)
    }

    /// Opens a local for each name of a target that the scope begun at `mark` does not have yet.
    private mutating func openLocals(ofTarget id: NodeID, above mark: Int) {
        let node = self.node(id)
        switch node.kind {
        case .name where innermost[Int(node.a)] <= mark: _ = openLocal(node.a)
        case .paren: openLocals(ofTarget: node.a, above: mark)
        case .tuple, .list: for item in list(node.a) { openLocals(ofTarget: item, above: mark) }
        default: break
        }
    }
}
