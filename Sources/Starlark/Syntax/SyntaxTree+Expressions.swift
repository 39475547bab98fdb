public import SourceDiagnostics

extension SyntaxTree {
    /// An expression of a file.
    public struct Expression: Sendable {
        let tree: SyntaxTree
        let id: NodeID

        /// From the first byte of the expression to the last.
        public var span: SourceSpan { tree.span(id) }

        /// What an expression is, and its parts. Literals are decoded.
        public enum Kind: Sendable {
            case name(String)
            case int(Int)
            /// An integer literal of 2^62 or more, as it is written.
            case bigInt(String)
            case float(Double)
            case string(String)
            case bytes([UInt8])
            case list([Expression])
            /// Parentheses, if there are any, are a `parenthesized` around it.
            case tuple([Expression])
            case dict([DictEntry])
            case parenthesized(Expression)
            case unary(Operator, Expression)
            case binary(Operator, Expression, Expression)
            case conditional(value: Expression, condition: Expression, else: Expression)
            case call(Expression, [Argument])
            case attribute(Expression, name: String, nameSpan: SourceSpan)
            case index(Expression, Expression)
            case slice(Expression, low: Expression?, high: Expression?, step: Expression?)
            case lambda([Parameter], body: Expression)
            case listComprehension(Expression, [Clause])
            case dictComprehension(DictEntry, [Clause])
        }

        public var kind: Kind {
            let node = tree.nodes[Int(id)]
            return literal(node) ?? container(node) ?? operation(node)
        }

        private func literal(_ node: Node) -> Kind? {
            switch node.kind {
            case .name: .name(tree.symbols.text(node.a))
            case .int: .int(Int(node.a) | Int(node.b) << 32)
            case .bigInt: .bigInt(tree.symbols.text(node.a))
            case .float: .float(Double(bitPattern: UInt64(node.a) | UInt64(node.b) << 32))
            case .string: .string(tree.symbols.text(node.a))
            case .bytes: .bytes(Array(tree.symbols.bytes[tree.symbols.range(node.a)]))
            default: nil
            }
        }

        private func container(_ node: Node) -> Kind? {
            switch node.kind {
            case .list: return .list(expressions(node.a))
            case .tuple: return .tuple(expressions(node.a))
            case .dict:
                let parts = expressions(node.a)
                return .dict(
                    stride(from: 0, to: parts.count, by: 2).map { index in
                        DictEntry(key: parts[index], value: parts[index + 1])
                    })
            case .listComprehension:
                return .listComprehension(expression(node.a), clauses(node.c))
            case .dictComprehension:
                let entry = DictEntry(key: expression(node.a), value: expression(node.b))
                return .dictComprehension(entry, clauses(node.c))
            default: return nil
            }
        }

        private func operation(_ node: Node) -> Kind {
            let operation = Operator(rawValue: node.detail) ?? .plus
            switch node.kind {
            case .unary: return .unary(operation, expression(node.a))
            case .binary: return .binary(operation, expression(node.a), expression(node.b))
            case .conditional:
                return .conditional(
                    value: expression(node.a), condition: expression(node.b),
                    else: expression(node.c))
            case .call:
                let arguments = tree.elements(node.b).map { Argument(tree: tree, id: $0) }
                return .call(expression(node.a), arguments)
            case .dot:
                return .attribute(
                    expression(node.a), name: tree.symbols.text(node.b),
                    nameSpan: SourceSpan(start: node.c, end: node.end))
            case .index: return .index(expression(node.a), expression(node.b))
            case .slice:
                let bounds = tree.elements(node.b).map { $0 == 0 ? nil : expression($0) }
                return .slice(
                    expression(node.a), low: bounds[0], high: bounds[1], step: bounds[2])
            case .lambda:
                return .lambda(tree.makeParameters(node.a), body: expression(node.c))
            default: return .parenthesized(expression(node.a))
            }
        }

        private func expression(_ id: NodeID) -> Expression { Expression(tree: tree, id: id) }

        private func expressions(_ list: UInt32) -> [Expression] {
            tree.elements(list).map(expression)
        }

        private func clauses(_ list: UInt32) -> [Clause] {
            tree.elements(list).map { id in
                let node = tree.nodes[Int(id)]
                return node.kind == .forClause
                    ? .for(variables: expression(node.a), sequence: expression(node.b))
                    : .if(expression(node.a))
            }
        }
    }

    /// `key: value`
    public struct DictEntry: Sendable {
        public let key: Expression
        public let value: Expression
    }

    /// A clause of a comprehension. The first one is a `for`.
    public enum Clause: Sendable {
        case `for`(variables: Expression, sequence: Expression)
        case `if`(Expression)
    }

    /// An argument of a call.
    public struct Argument: Sendable {
        /// How an argument is passed.
        public enum Kind: Sendable {
            case positional
            /// `name = value`; the name starts where the argument does.
            case named(String)
            /// `*value`
            case star
            /// `**value`
            case starStar
        }

        public let kind: Kind
        public let value: Expression
        /// With name or stars.
        public let span: SourceSpan

        init(tree: SyntaxTree, id: NodeID) {
            let node = tree.nodes[Int(id)]
            span = tree.span(id)
            switch node.kind {
            case .namedArgument:
                kind = .named(tree.symbols.text(node.a))
                value = Expression(tree: tree, id: node.b)
            case .starArgument:
                kind = .star
                value = Expression(tree: tree, id: node.a)
            case .starStarArgument:
                kind = .starStar
                value = Expression(tree: tree, id: node.a)
            default:
                kind = .positional
                value = Expression(tree: tree, id: id)
            }
        }
    }
}
