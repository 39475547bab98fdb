import SourceDiagnostics

extension SyntaxTree {
    /// The node ids of a list; see `NodeKind`.
    func elements(_ list: UInt32) -> ArraySlice<NodeID> {
        let start = Int(list) + 1
        return lists[start..<start + Int(lists[Int(list)])]
    }

    /// The nodes directly below a node, in source order.
    func children(of id: NodeID) -> [NodeID] {
        let node = nodes[Int(id)]
        switch node.kind {
        case .none, .name, .int, .bigInt, .float, .string, .bytes, .breakStatement,
            .continueStatement, .passStatement, .loadBinding:
            return []
        case .list, .tuple, .dict:
            return Array(elements(node.a))
        case .paren, .unary, .dot, .starArgument, .starStarArgument, .ifClause,
            .expressionStatement, .returnStatement:
            return node.a == 0 ? [] : [node.a]
        case .binary, .index, .forClause, .assignment, .augmentedAssignment:
            return [node.a, node.b]
        case .conditional:
            return [node.a, node.b, node.c]
        case .namedArgument, .parameter:
            return node.b == 0 ? [] : [node.b]
        case .call:
            return [node.a] + elements(node.b)
        case .slice:
            return [node.a] + elements(node.b).filter { $0 != 0 }
        case .lambda:
            return elements(node.a) + [node.c]
        case .listComprehension:
            return [node.a] + elements(node.c)
        case .dictComprehension:
            return [node.a, node.b] + elements(node.c)
        case .def:
            return Array(elements(node.b)) + elements(node.c)
        case .ifStatement:
            return [node.a] + elements(node.b) + (node.c == 0 ? [] : elements(node.c))
        case .forStatement:
            return [node.a, node.b] + elements(node.c)
        case .whileStatement:
            return [node.a] + elements(node.c)
        case .load:
            // The binding of a module spans the module's node.
            return [node.a] + elements(node.b).filter { nodes[Int($0)].detail == 0 }
        }
    }

    /// The span of a node.
    func span(_ id: NodeID) -> SourceSpan {
        SourceSpan(start: nodes[Int(id)].start, end: nodes[Int(id)].end)
    }

    // MARK: Names

    /// The span of the name that a `def` defines.
    func nameSpan(ofDef id: NodeID) -> SourceSpan {
        let node = nodes[Int(id)]
        // Between `def` and the name only white space can stand, and continued line ends.
        var start = Int(node.start) + 3
        while start < file.bytes.count, " \t\\\r\n".utf8.contains(file.bytes[start]) { start += 1 }
        return SourceSpan(start..<start + symbols.byteCount(node.a))
    }

    /// The span of a parameter's name, without stars and default. Empty for a bare `*`.
    func nameSpan(ofParameter id: NodeID) -> SourceSpan {
        let node = nodes[Int(id)]
        let length = symbols.byteCount(node.a)
        if node.detail == ParameterKind.plain.rawValue {
            return SourceSpan(Int(node.start)..<Int(node.start) + length)
        }
        return SourceSpan(Int(node.end) - length..<Int(node.end))
    }
}
