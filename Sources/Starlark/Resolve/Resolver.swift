import SourceDiagnostics

/// Finds out what every name stands for, and refuses what the language forbids statically.
///
/// A name is local to a function if the function binds it anywhere (parameter, assignment, `for`, `def`), so
/// the bindings of a body are collected before any of its expressions is looked at. A comprehension
/// is a scope of its own inside its function. Everything else is looked for outwards: enclosing functions
/// (which makes the variable a cell), the module's globals wherever in the file they are
/// bound, the host's predeclared names, the universe. See "Name binding and variables" in the spec.
///
/// Left-deep chains of operators and `elif` chains are walked in loops: the parser bounds all other depth.
struct Resolver {
    let tree: SyntaxTree
    let dialect: Dialect
    let isPredeclared: (String) -> Bool
    let predeclaredNames: () -> [String]
    /// The globals that have a value before the file runs: those that earlier texts of a session bound.
    var boundBefore: Set<String> = []

    var bindings: [Binding]
    var functions: [FunctionScope] = [FunctionScope(node: 0, parent: -1, depth: 0)]
    var functionOfNode: [NodeID: Int] = [:]
    var globals: [GlobalVariable] = []
    var predeclared: [SymbolID] = []
    var universals: [SymbolID] = []
    var diagnostics: [Diagnostic] = []

    /// Nobody reads more at once.
    static let maximumDiagnostics = 100

    /// The function whose body is being resolved.
    var current = 0
    /// How many loops of the current function enclose the statement.
    var loopDepth = 0
    /// How many `if` statements and loops enclose a top-level statement.
    var controlDepth = 0

    // Look-up by symbol; see Resolver+Scopes.
    var scopeEntries: [ScopeEntry] = []
    /// By symbol: the number of its innermost entry plus 1.
    var innermost: [UInt32]
    /// By symbol: the number of the global plus 1.
    var globalOfSymbol: [UInt32]
    /// By global: whether top-level code may use it by now. Where globals may be reassigned they come into
    /// being statement by statement, as in old dialects; a function sees all of them.
    var isGlobalBound: [Bool] = []
    /// By symbol: what a name that the file does not bind stands for, once looked up.
    var outerBinding: [Binding?]

    init(
        tree: SyntaxTree, dialect: Dialect, isPredeclared: @escaping (String) -> Bool,
        predeclaredNames: @escaping () -> [String]
    ) {
        self.tree = tree
        self.dialect = dialect
        self.isPredeclared = isPredeclared
        self.predeclaredNames = predeclaredNames
        bindings = Array(repeating: .unresolved, count: tree.nodes.count)
        innermost = Array(repeating: 0, count: tree.symbols.count)
        globalOfSymbol = Array(repeating: 0, count: tree.symbols.count)
        outerBinding = Array(repeating: nil, count: tree.symbols.count)
    }

    /// The resolution, of use only if there are no diagnostics.
    consuming func resolve() -> (Resolution, [Diagnostic]) {
        let root = tree.root
        bindNames(inList: root)
        isGlobalBound = globals.map { global in
            !dialect.allowsGlobalReassignment
                || boundBefore.contains(tree.symbols.text(global.symbol))
        }
        resolve(statementsAt: root)
        let resolution = Resolution(
            bindings: bindings, functions: functions, functionOfNode: functionOfNode,
            globals: globals, predeclared: predeclared, universals: universals)
        return (resolution, diagnostics)
    }

    // MARK: Reading the tree

    func node(_ id: NodeID) -> Node { tree.nodes[Int(id)] }

    func list(_ index: UInt32) -> ArraySlice<UInt32> {
        let start = Int(index) + 1
        return tree.lists[start..<start + Int(tree.lists[Int(index)])]
    }

    mutating func fail(_ message: String, at node: NodeID, hint: String? = nil) {
        let node = self.node(node)
        fail(message, at: SourceSpan(start: node.start, end: node.end), hint: hint)
    }

    mutating func fail(_ message: String, at span: SourceSpan, hint: String? = nil) {
        guard diagnostics.count < Resolver.maximumDiagnostics else { return }
        diagnostics.append(
            Diagnostic(.error, message, in: tree.file, at: span, hint: hint))
    }

    // MARK: Statements

    mutating func resolve(statementsAt index: UInt32) {
        for id in list(index) { resolve(statement: id) }
    }

    private mutating func resolve(statement id: NodeID) {
        let node = self.node(id)
        switch node.kind {
        case .expressionStatement: resolve(node.a)
        case .assignment:
            resolve(node.b)
            resolve(target: node.a)
        case .augmentedAssignment:
            resolve(node.b)
            resolveAugmented(target: node.a)
        case .def:
            resolveFunction(id, parameters: node.b, body: node.c)
            bindings[Int(id)] = bind(node.a, at: id)
        case .returnStatement:
            if current == 0 { fail("return statement not within a function", at: id) }
            if node.a != 0 { resolve(node.a) }
        case .ifStatement: resolve(ifStatement: id)
        case .forStatement: resolve(forStatement: node, id)
        case .whileStatement: resolve(whileStatement: node, id)
        case .breakStatement where loopDepth == 0: fail("break not in a loop", at: id)
        case .continueStatement where loopDepth == 0: fail("continue not in a loop", at: id)
        case .load: resolve(load: node, id)
        default: break
        }
    }

    private mutating func resolve(ifStatement id: NodeID) {
        if current == 0, !dialect.allowsTopLevelControl {
            failOutsideFunction("if statement", at: id, span: 2)
        }
        controlDepth += 1
        var next = id
        while true {
            let node = self.node(next)
            resolve(node.a)
            resolve(statementsAt: node.b)
            guard node.c != 0 else { break }
            let rest = list(node.c)
            if rest.count == 1, let only = rest.first, self.node(only).kind == .ifStatement {
                next = only
            } else {
                resolve(statementsAt: node.c)
                break
            }
        }
        controlDepth -= 1
    }

    private mutating func resolve(forStatement node: Node, _ id: NodeID) {
        if current == 0, !dialect.allowsTopLevelControl {
            failOutsideFunction("for loop", at: id, span: 3)
        }
        resolve(node.b)
        resolve(target: node.a)
        loopDepth += 1
        controlDepth += 1
        resolve(statementsAt: node.c)
        controlDepth -= 1
        loopDepth -= 1
    }

    private mutating func resolve(whileStatement node: Node, _ id: NodeID) {
        if !dialect.allowsWhile {
            let start = node.start
            fail(
                "dialect does not support while loops",
                at: SourceSpan(start: start, end: start + 5),
                hint: "use a `for` loop over a range, which always ends")
        } else if current == 0, !dialect.allowsTopLevelControl {
            failOutsideFunction("while loop", at: id, span: 5)
        }
        resolve(node.a)
        loopDepth += 1
        controlDepth += 1
        resolve(statementsAt: node.c)
        controlDepth -= 1
        loopDepth -= 1
    }

    private mutating func failOutsideFunction(_ what: String, at id: NodeID, span count: UInt32) {
        let start = node(id).start
        fail(
            "\(what) not within a function", at: SourceSpan(start: start, end: start + count),
            hint: "move it into a function and call that, or use a comprehension")
    }

    private mutating func resolve(load node: Node, _ id: NodeID) {
        if current != 0 {
            fail("load statement within a function", at: id)
        } else if loopDepth > 0 {
            fail("load statement within a loop", at: id)
        } else if controlDepth > 0 {
            fail("load statement within a conditional", at: id)
        }
        for bindingID in list(node.b) {
            let binding = self.node(bindingID)
            let name = tree.symbols.text(binding.b)
            let bindsModule = binding.detail == 1
            if binding.b == 0 && !bindsModule || binding.a == 0 {
                fail("load: empty identifier", at: bindingID)
            } else if name.hasPrefix("_") {
                fail(
                    "load: names with leading underscores are not exported: \(name)", at: bindingID)
            } else if current == 0 {
                bindings[Int(bindingID)] = bindLoaded(binding.a, at: bindingID)
            }
        }
    }

    /// A target of an assignment or loop: names are bound, everything else is evaluated.
    mutating func resolve(target id: NodeID) {
        let node = self.node(id)
        switch node.kind {
        case .name: bindings[Int(id)] = bind(node.a, at: id)
        case .paren: resolve(target: node.a)
        case .tuple, .list: for item in list(node.a) { resolve(target: item) }
        default: resolve(id)
        }
    }

    private mutating func resolveAugmented(target id: NodeID) {
        let node = self.node(id)
        if node.kind == .paren { return resolveAugmented(target: node.a) }
        guard node.kind == .name else { return resolve(id) }
        bindings[Int(id)] = bind(node.a, at: id)
    }

    // MARK: Functions

    /// Defaults belong to the enclosing scope; parameters and body to the function's own.
    mutating func resolveFunction(_ id: NodeID, parameters: UInt32, body: UInt32?) {
        for parameter in list(parameters) {
            let node = self.node(parameter)
            if node.b != 0 { resolve(node.b) }
        }
        let number = functions.count
        functionOfNode[id] = number
        functions.append(
            FunctionScope(node: id, parent: current, depth: functions[current].depth + 1))
        let (outer, outerLoops, mark) = (current, loopDepth, scopeEntries.count)
        (current, loopDepth) = (number, 0)
        bindParameters(parameters)
        if let body {
            bindNames(inList: body)
            resolve(statementsAt: body)
        } else {
            resolve(node(id).c)
        }
        closeScope(to: mark)
        (current, loopDepth) = (outer, outerLoops)
    }

    private mutating func bindParameters(_ parameters: UInt32) {
        // The call's order: plain and keyword-only first, then `*args`, then `**kwargs`.
        for kind in [ParameterKind.plain, .star, .starStar] {
            for id in list(parameters) {
                let node = self.node(id)
                guard node.detail == kind.rawValue, node.a != 0 else { continue }
                bindings[Int(id)] = openLocal(node.a)
            }
        }
    }
}
