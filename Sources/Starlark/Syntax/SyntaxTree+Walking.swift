import SourceDiagnostics

extension SyntaxTree {
    /// What a walk meets.
    public enum Element: Sendable {
        case statement(Statement)
        case expression(Expression)
        case parameter(Parameter)
    }

    /// Visits all statements, expressions and parameters, parents before children, in source order.
    ///
    /// - Parameter visit: Says whether the element's children are to be visited as well.
    public func walk(_ visit: (Element) throws -> Bool) rethrows {
        // An explicit stack: chains of operators and of `elif` have no limit.
        var stack: [NodeID] = elements(root).reversed()
        while let id = stack.popLast() {
            if let element = element(id), try !visit(element) { continue }
            stack.append(contentsOf: children(of: id).reversed())
        }
    }

    /// Nil for the nodes that only group others: arguments, clauses and the like.
    private func element(_ id: NodeID) -> Element? {
        switch nodes[Int(id)].kind {
        case .none, .namedArgument, .starArgument, .starStarArgument, .forClause, .ifClause,
            .loadBinding:
            nil
        case .parameter:
            .parameter(Parameter(tree: self, id: id))
        case let kind where kind.isStatement:
            .statement(Statement(tree: self, id: id))
        default:
            .expression(Expression(tree: self, id: id))
        }
    }

    /// The innermost expression that a byte belongs to, for tools that know a cursor's place.
    public func expression(at offset: UInt32) -> Expression? {
        var found: Expression?
        walk { element in
            switch element {
            case .statement(let statement):
                return statement.span.start <= offset && offset < statement.span.end
            case .parameter(let parameter):
                return parameter.span.start <= offset && offset < parameter.span.end
            case .expression(let expression):
                guard expression.span.start <= offset && offset < expression.span.end else {
                    return false
                }
                found = expression
                return true
            }
        }
        return found
    }
}

extension NodeKind {
    var isStatement: Bool {
        rawValue >= NodeKind.expressionStatement.rawValue && self != .loadBinding
    }
}
