import SourceDiagnostics

/// One name bound in a scope that is open. Entries form a stack; those of one symbol are chained.
struct ScopeEntry {
    let symbol: SymbolID
    /// The function it belongs to, and its slot there.
    let function: Int
    let slot: Int
    /// The number plus 1 of the entry it hides.
    let hidden: UInt32
}

extension Resolver {
    // MARK: Opening and closing

    /// A new local of the current function, visible until the scope is closed.
    mutating func openLocal(_ symbol: SymbolID) -> Binding {
        let slot = functions[current].locals.count
        functions[current].locals.append(symbol)
        functions[current].isCaptured.append(false)
        scopeEntries.append(
            ScopeEntry(
                symbol: symbol, function: current, slot: slot,
                hidden: innermost[Int(symbol)]))
        innermost[Int(symbol)] = UInt32(scopeEntries.count)
        return Binding(.local, slot)
    }

    mutating func closeScope(to mark: Int) {
        while scopeEntries.count > mark {
            let entry = scopeEntries.removeLast()
            innermost[Int(entry.symbol)] = entry.hidden
        }
    }

    // MARK: Collecting what a body binds

    /// Binds every name that the statements bind: as locals of the current function, or as globals.
    mutating func bindNames(inList index: UInt32) {
        for id in list(index) { bindNames(inStatement: id) }
    }

    private mutating func bindNames(inStatement id: NodeID) {
        var next = id
        while true {
            let node = self.node(next)
            switch node.kind {
            case .assignment, .augmentedAssignment: bindNames(inTarget: node.a)
            case .def: declare(node.a, at: next)
            case .forStatement:
                bindNames(inTarget: node.a)
                bindNames(inList: node.c)
            case .whileStatement: bindNames(inList: node.c)
            case .load where current == 0:
                for binding in list(node.b) where self.node(binding).a != 0 {
                    declareLoaded(self.node(binding).a, at: binding)
                }
            case .ifStatement:
                bindNames(inList: node.b)
                guard node.c != 0 else { return }
                let rest = list(node.c)
                if rest.count == 1, let only = rest.first {
                    next = only
                    continue
                }
                bindNames(inList: node.c)
            default: break
            }
            return
        }
    }

    private mutating func bindNames(inTarget id: NodeID) {
        let node = self.node(id)
        switch node.kind {
        case .name: declare(node.a, at: id)
        case .paren: bindNames(inTarget: node.a)
        case .tuple, .list: for item in list(node.a) { bindNames(inTarget: item) }
        default: break
        }
    }

    private mutating func declare(_ symbol: SymbolID, at id: NodeID) {
        if current == 0 {
            if globalOfSymbol[Int(symbol)] == 0 { addGlobal(symbol, exported: true, at: id) }
            return
        }
        let entry = innermost[Int(symbol)]
        if entry != 0, scopeEntries[Int(entry) - 1].function == current { return }
        _ = openLocal(symbol)
    }

    private mutating func declareLoaded(_ symbol: SymbolID, at id: NodeID) {
        if globalOfSymbol[Int(symbol)] == 0 {
            addGlobal(symbol, exported: dialect.loadBindsGlobally, at: id)
        }
    }

    private mutating func addGlobal(_ symbol: SymbolID, exported: Bool, at id: NodeID) {
        globals.append(GlobalVariable(symbol: symbol, isExported: exported, node: id))
        globalOfSymbol[Int(symbol)] = UInt32(globals.count)
    }

    // MARK: Binding and using

    /// A name is bound here by an assignment, a loop or a `def`.
    mutating func bind(_ symbol: SymbolID, at id: NodeID) -> Binding {
        let entry = innermost[Int(symbol)]
        if entry != 0, scopeEntries[Int(entry) - 1].function == current {
            return Binding(.local, scopeEntries[Int(entry) - 1].slot)
        }
        return bindGlobal(symbol, at: id)
    }

    mutating func bindLoaded(_ symbol: SymbolID, at id: NodeID) -> Binding {
        bindGlobal(symbol, at: id)
    }

    private mutating func bindGlobal(_ symbol: SymbolID, at id: NodeID) -> Binding {
        let number = Int(globalOfSymbol[Int(symbol)]) - 1
        let global = globals[number]
        isGlobalBound[number] = true
        if global.node != id, !dialect.allowsGlobalReassignment {
            // The first to be bound is the one in the list: this is another.
            let place = tree.file.location(of: node(global.node).start)
            let what =
                global.isExported ? "global" : node(id).kind == .loadBinding ? "top-level" : "local"
            let name = tree.symbols.text(symbol)
            let first = node(global.node)
            var diagnostic = Diagnostic(
                .error,
                "cannot reassign \(what) \(name) declared at "
                    + "\(tree.file.name):\(place.line):\(place.column)",
                in: tree.file, at: nameSpan(id),
                hint: "choose another name, or bind it inside a function")
            diagnostic.notes.append(
                Diagnostic.Note(
                    message: "first bound here", file: tree.file,
                    span: first.kind == .def
                        ? nameSpan(global.node) : SourceSpan(start: first.start, end: first.end)))
            diagnostics.append(diagnostic)
        }
        return Binding(.global, number)
    }

    private func nameSpan(_ id: NodeID) -> SourceSpan {
        let node = self.node(id)
        return node.kind == .def
            ? tree.nameSpan(ofDef: id) : SourceSpan(start: node.start, end: node.end)
    }

    /// A name is used here.
    mutating func use(_ symbol: SymbolID, at id: NodeID) -> Binding {
        let entry = innermost[Int(symbol)]
        if entry != 0 {
            let found = scopeEntries[Int(entry) - 1]
            if found.function == current { return Binding(.local, found.slot) }
            return Binding(.free, capture(found, into: current))
        }
        let global = globalOfSymbol[Int(symbol)]
        if global != 0, current != 0 || isGlobalBound[Int(global) - 1] {
            return Binding(.global, Int(global) - 1)
        }
        return useOuter(symbol, at: id)
    }

    /// The number of a variable of an enclosing function among the captures of `function`.
    private mutating func capture(_ variable: ScopeEntry, into function: Int) -> Int {
        let parent = functions[function].parent
        let source: FunctionScope.Capture
        if parent == variable.function {
            functions[parent].isCaptured[variable.slot] = true
            source = .local(variable.slot)
        } else {
            source = .free(capture(variable, into: parent))
        }
        if let known = functions[function].captures.firstIndex(of: source) { return known }
        functions[function].captures.append(source)
        functions[function].captureNames.append(variable.symbol)
        return functions[function].captures.count - 1
    }

    private mutating func useOuter(_ symbol: SymbolID, at id: NodeID) -> Binding {
        if let known = outerBinding[Int(symbol)] { return known }
        let name = tree.symbols.text(symbol)
        let binding: Binding
        if isPredeclared(name) {
            predeclared.append(symbol)
            binding = Binding(.predeclared, predeclared.count - 1)
        } else if Universe.shared.value(named: name) != nil {
            universals.append(symbol)
            binding = Binding(.universal, universals.count - 1)
        } else {
            failUndefined(name, at: id)
            return .unresolved
        }
        outerBinding[Int(symbol)] = binding
        return binding
    }

    private mutating func failUndefined(_ name: String, at id: NodeID) {
        // A search among all names for each of very many mistakes would take quadratic time.
        guard diagnostics.count < Resolver.maximumDiagnostics else { return }
        var candidates = scopeEntries.map { tree.symbols.text($0.symbol) }
        candidates += globals.map { tree.symbols.text($0.symbol) }
        candidates += predeclaredNames() + Universe.shared.names
        if let match = closestMatch(to: name, among: candidates) {
            fail("undefined: \(name) (did you mean \(match)?)", at: id)
        } else {
            fail("undefined: \(name)", at: id)
        }
    }
}
