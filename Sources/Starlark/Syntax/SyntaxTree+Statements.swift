public import SourceDiagnostics

/// The tree as tools see it: statements and expressions that are made on demand from the flat
/// arrays.
extension SyntaxTree {
    /// The statements of the file.
    public var statements: [Statement] { makeStatements(root) }

    func makeStatements(_ list: UInt32) -> [Statement] {
        elements(list).map { Statement(tree: self, id: $0) }
    }

    /// A statement of a file.
    public struct Statement: Sendable {
        let tree: SyntaxTree
        let id: NodeID

        private var node: Node { tree.nodes[Int(id)] }

        /// From the first byte of the statement to the last, line end and comments excluded. That
        /// of a compound statement ends with its last statement.
        public var span: SourceSpan { tree.span(id) }

        /// Whether this `if` was written as `elif`.
        public var isElif: Bool { node.kind == .ifStatement && node.detail == 1 }

        /// What a statement is, and its parts.
        public enum Kind: Sendable {
            case expression(Expression)
            case assignment(target: Expression, value: Expression)
            /// `target op= value`, with the binary operator.
            case augmentedAssignment(target: Expression, Operator, value: Expression)
            case def(Function)
            case `return`(Expression?)
            /// An `elif` is an `if` alone in the `else` of its predecessor; see `isElif`.
            case `if`(condition: Expression, body: [Statement], else: [Statement]?)
            case `for`(variables: Expression, sequence: Expression, body: [Statement])
            case `while`(condition: Expression, body: [Statement])
            case `break`, `continue`, pass
            case load(module: Expression, [LoadBinding])
        }

        public var kind: Kind {
            let node = node
            switch node.kind {
            case .assignment:
                return .assignment(target: expression(node.a), value: expression(node.b))
            case .augmentedAssignment:
                let operation = Operator(rawValue: node.detail) ?? .plus
                return .augmentedAssignment(
                    target: expression(node.a), operation, value: expression(node.b))
            case .def: return .def(Function(tree: tree, id: id))
            case .returnStatement: return .return(node.a == 0 ? nil : expression(node.a))
            case .ifStatement:
                return .if(
                    condition: expression(node.a), body: tree.makeStatements(node.b),
                    else: node.c == 0 ? nil : tree.makeStatements(node.c))
            case .forStatement:
                return .for(
                    variables: expression(node.a), sequence: expression(node.b),
                    body: tree.makeStatements(node.c))
            case .whileStatement:
                return .while(
                    condition: expression(node.a), body: tree.makeStatements(node.c))
            case .breakStatement: return .break
            case .continueStatement: return .continue
            case .passStatement: return .pass
            case .load:
                let bindings = tree.elements(node.b).map { LoadBinding(tree: tree, id: $0) }
                return .load(module: expression(node.a), bindings)
            default: return .expression(expression(node.a))
            }
        }

        private func expression(_ id: NodeID) -> Expression { Expression(tree: tree, id: id) }
    }

    /// A function that a `def` statement defines.
    public struct Function: Sendable {
        let tree: SyntaxTree
        let id: NodeID

        private var node: Node { tree.nodes[Int(id)] }

        public var name: String { tree.symbols.text(node.a) }
        public var nameSpan: SourceSpan { tree.nameSpan(ofDef: id) }
        public var parameters: [Parameter] { tree.makeParameters(node.b) }
        public var body: [Statement] { tree.makeStatements(node.c) }

        /// The string that the body starts with, if it does.
        public var documentation: String? { SyntaxTree.documentation(in: body) }
    }

    /// The string that the file starts with, if it does.
    public var documentation: String? { SyntaxTree.documentation(in: statements) }

    private static func documentation(in statements: [Statement]) -> String? {
        guard case .expression(let expression)? = statements.first?.kind,
            case .string(let text) = expression.kind
        else { return nil }
        return text
    }

    func makeParameters(_ list: UInt32) -> [Parameter] {
        elements(list).map { Parameter(tree: self, id: $0) }
    }

    /// A parameter of a function or a lambda.
    public struct Parameter: Sendable {
        /// How a parameter takes arguments.
        public enum Kind: Sendable {
            /// By position or by name.
            case plain
            /// By name only, as it stands behind a star.
            case keywordOnly
            /// `*name`, or a bare `*`, whose name is empty.
            case star
            /// `**name`.
            case starStar
        }

        let tree: SyntaxTree
        let id: NodeID

        public var kind: Kind {
            let node = tree.nodes[Int(id)]
            switch ParameterKind(rawValue: node.detail) ?? .plain {
            case .plain: return node.c == 1 ? .keywordOnly : .plain
            case .star: return .star
            case .starStar: return .starStar
            }
        }

        public var name: String { tree.symbols.text(tree.nodes[Int(id)].a) }
        public var nameSpan: SourceSpan { tree.nameSpan(ofParameter: id) }
        /// With stars and default value.
        public var span: SourceSpan { tree.span(id) }

        public var defaultValue: Expression? {
            let value = tree.nodes[Int(id)].b
            return value == 0 ? nil : Expression(tree: tree, id: value)
        }
    }

    /// One name that a `load` statement binds.
    public struct LoadBinding: Sendable {
        let tree: SyntaxTree
        let id: NodeID

        /// The name in this file.
        public var localName: String { tree.symbols.text(tree.nodes[Int(id)].a) }
        /// Whether it is the module itself that is bound.
        public var bindsModule: Bool { tree.nodes[Int(id)].detail == 1 }
        /// The name in the loaded module; empty if it is the module that is bound.
        public var originalName: String { tree.symbols.text(tree.nodes[Int(id)].b) }
        /// From the local name, if there is one, to the end of the string literal.
        public var span: SourceSpan { tree.span(id) }
        /// The string literal.
        public var originalSpan: SourceSpan {
            SourceSpan(start: tree.nodes[Int(id)].c, end: tree.nodes[Int(id)].end)
        }
    }
}
