import SourceDiagnostics

/// What a compilation yields: the parts of a `Program`.
struct CompiledUnit {
    let file: SourceFile
    let dialect: Dialect
    let heap: Heap
    var constants: [Value] = []
    var functions: [CompiledFunction] = []
    var callSites: [CallSite] = []
    var loadSites: [LoadSite] = []
    var attributeNames: [AttributeName] = []
    var globalNames: [(name: String, isExported: Bool)] = []
    var predeclaredNames: [String] = []
}

/// Translates a resolved syntax tree into register code, one function after the other.
///
/// An expression is compiled into a register that the caller wants, or else one of the compiler's choice:
/// a local variable then stands for itself and costs nothing. Temporaries form a stack above
/// the locals. A call's arguments are evaluated where the callee will have its parameters.
struct Compiler {
    let tree: SyntaxTree
    let resolution: Resolution
    var unit: CompiledUnit
    var builder = CodeBuilder(localCount: 0)
    /// The function being compiled.
    var scope: FunctionScope
    /// Loops around the statement being compiled, innermost last.
    var loops: [LoopContext] = []
    /// For each local: whether it is bound for certain here. Empty where that is not tracked.
    var isAssigned: [Bool] = []
    /// Locals that are checked somewhere for being bound: they must be unbound when the function begins.
    var checkedLocals: Set<Int> = []
    var diagnostics: [Diagnostic] = []

    // Constants made so far.
    var stringConstants: [Int32]
    var otherConstants: [ConstantKey: Int] = [:]
    var attributeNumbers: [SymbolID: Int] = [:]
    var callSiteNumbers: [CallSiteKey: Int] = [:]
    var universalConstants: [Int: Int] = [:]

    struct LoopContext {
        /// The register of the iteration; nil for `while`.
        var iteration: Int?
        var breaks: [Int] = []
        var continues: [Int] = []
    }

    enum ConstantKey: Hashable {
        case int(Int)
        case float(UInt64)
        case bytes(SymbolID)
        case bigInt(SymbolID)
    }

    struct CallSiteKey: Hashable {
        var positionalCount: Int
        var names: [SymbolID]
        var hasStar: Bool
        var hasStarStar: Bool
    }

    /// Beyond so many locals the analysis of assignments is not worth its quadratic time.
    static let trackedLocals = 256

    /// Whether running the file gives the value of its last statement, if that is an expression.
    let yieldsValue: Bool
    /// Whether each statement is a step of its own, so that a profiler can measure it.
    let marksStatements: Bool

    init(
        tree: SyntaxTree, resolution: Resolution, dialect: Dialect, yieldsValue: Bool = false,
        marksStatements: Bool = false
    ) {
        self.tree = tree
        self.yieldsValue = yieldsValue
        self.marksStatements = marksStatements
        self.resolution = resolution
        unit = CompiledUnit(file: tree.file, dialect: dialect, heap: Heap())
        scope = resolution.functions[0]
        stringConstants = Array(repeating: -1, count: tree.symbols.count)
    }

    /// - Throws: what is beyond the machine's limits.
    consuming func compile() throws(SyntaxErrors) -> CompiledUnit {
        unit.globalNames = resolution.globals.map {
            (tree.symbols.text($0.symbol), $0.isExported)
        }
        unit.predeclaredNames = resolution.predeclared.map { tree.symbols.text($0) }
        // In the order of the functions: a function's number is the number of its code.
        for number in resolution.functions.indices { compileFunction(number) }
        if let errors = SyntaxErrors(diagnostics) { throw errors }
        return unit
    }

    func node(_ id: NodeID) -> Node { tree.nodes[Int(id)] }

    func list(_ index: UInt32) -> ArraySlice<UInt32> {
        let start = Int(index) + 1
        return tree.lists[start..<start + Int(tree.lists[Int(index)])]
    }

    mutating func fail(_ message: String, at node: Node, hint: String? = nil) {
        diagnostics.append(
            Diagnostic(
                .error, message, in: tree.file, at: SourceSpan(start: node.start, end: node.end),
                hint: hint))
    }

    // MARK: Positions

    mutating func setPosition(_ start: UInt32, _ end: UInt32) {
        builder.position = UInt64(start) | UInt64(end) << 32
    }

    mutating func setPosition(_ node: Node) { setPosition(node.start, node.end) }

    // MARK: Marks for profiling

    /// Makes what was compiled since the last mark a step, at the place of a statement or expression.
    mutating func markStep(_ node: Node) {
        guard marksStatements else { return }
        setPosition(node)
        emitStep()
    }

    /// A jump back by nothing: it does what the end of a turn of a loop does besides jumping.
    private mutating func emitStep() { builder.emit(Instruction(.jumpBack, w: 0)) }

    // MARK: Functions

    private mutating func compileFunction(_ number: Int) {
        scope = resolution.functions[number]
        builder = CodeBuilder(localCount: scope.locals.count)
        loops = []
        let node = self.node(scope.node)
        let parameters: [Node]
        switch node.kind {
        case .def: parameters = list(node.b).map { self.node($0) }
        case .lambda: parameters = list(node.a).map { self.node($0) }
        default: parameters = []
        }
        let named = parameters.filter { $0.a != 0 }
        checkedLocals = []
        isAssigned = []
        if scope.locals.count <= Compiler.trackedLocals {
            isAssigned = Array(repeating: false, count: scope.locals.count)
            for slot in named.indices { isAssigned[slot] = true }
        }
        if marksStatements {
            builder.position = Code.entryMark
            emitStep()
            builder.position = 0
        }
        for slot in scope.locals.indices where scope.isCaptured[slot] {
            builder.emit(Instruction(.makeCell, x: slot < named.count ? 1 : 0, a: slot))
        }
        switch node.kind {
        case .def: compile(statementsAt: node.c)
        case .lambda:
            let result = compile(node.c)
            markStep(node)
            setPosition(node)
            builder.emit(Instruction(.return, a: result))
        default: compileTopLevel()
        }
        builder.emit(Instruction(.returnNone))
        clearCheckedLocals(parameterCount: named.count)
        if builder.isTooLarge {
            fail("function too large", at: node, hint: "split it into several functions")
        }
        finishFunction(node, parameters)
    }

    private mutating func compileTopLevel() {
        guard yieldsValue, let last = tree.lastExpression else {
            return compile(statementsAt: tree.root)
        }
        for id in list(tree.root).dropLast() { compile(statement: id) }
        let result = compile(last)
        setPosition(node(last))
        builder.emit(Instruction(.return, a: result))
    }

    /// Registers hold what was there before, so those that are checked are cleared first of all.
    private mutating func clearCheckedLocals(parameterCount: Int) {
        let slots = checkedLocals.filter { $0 >= parameterCount }.sorted()
        guard !slots.isEmpty else { return }
        let unbound = addConstant(.unbound)
        builder.prepend(slots.map { Instruction(.loadConstant, a: $0, w: unbound) })
    }

    private mutating func finishFunction(_ node: Node, _ parameters: [Node]) {
        // As the resolver numbers them: plain ones first, then `*args`, then `**kwargs`.
        let plain = parameters.filter { $0.detail == ParameterKind.plain.rawValue }
        let star = parameters.firstIndex { $0.detail == ParameterKind.star.rawValue }
        let positionalCount =
            star.map { star in
                parameters[..<star].count { $0.detail == ParameterKind.plain.rawValue }
            } ?? plain.count
        let hasStar = star.map { parameters[$0].a != 0 } ?? false
        let starStar = parameters.first { $0.detail == ParameterKind.starStar.rawValue }
        var names = plain.map { stringConstant($0.a) }
        if let star, hasStar { names.append(stringConstant(parameters[star].a)) }
        if let starStar { names.append(stringConstant(starStar.a)) }
        var defaultCount = 0
        let defaults = plain.map { parameter -> Int32 in
            guard parameter.b != 0 else { return -1 }
            defaultCount += 1
            return Int32(defaultCount - 1)
        }
        let captures = scope.captures.map { capture -> CaptureSource in
            switch capture {
            case .local(let slot): CaptureSource(isLocal: true, index: UInt32(slot))
            case .free(let number): CaptureSource(isLocal: false, index: UInt32(number))
            }
        }
        unit.functions.append(
            CompiledFunction(
                instructions: builder.instructions, positions: builder.positions,
                loops: builder.loops, name: functionName(node),
                registerCount: builder.registerCount, parameterCount: plain.count,
                positionalCount: positionalCount, hasStar: hasStar, hasStarStar: starStar != nil,
                checksRecursion: builder.makesCalls && !unit.dialect.allowsRecursion,
                parameterNames: names.map { unit.constants[$0] }, defaultNumbers: defaults,
                defaultCount: defaultCount, captures: captures))
    }

    private mutating func functionName(_ node: Node) -> Value {
        switch node.kind {
        case .def: unit.constants[stringConstant(node.a)]
        case .lambda: unit.constants[textConstant("lambda")]
        default: unit.constants[textConstant("<toplevel>")]
        }
    }
}
