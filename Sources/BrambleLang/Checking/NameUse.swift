import SourceDiagnostics
import Starlark

/// Which names a file binds and which of them it uses, by function.
///
/// A use belongs to the innermost function around it that binds the name, else to the file. The
/// variables of comprehensions count as used, and hide nothing: so a name may be taken for used
/// that is not, but never the other way round.
struct NameUse {
    /// A name that is bound, and might be of no use.
    struct Binding {
        enum Kind {
            case loaded, assigned, defined
        }

        let name: String
        let kind: Kind
        let span: SourceSpan
        /// The function that it is local to; 0 for the file.
        let scope: Int
    }

    /// A function, by its number: it binds these names, and stands in these functions.
    private struct Scope {
        var names: Set<String> = []
        let span: SourceSpan
    }

    /// In the order of the file.
    private(set) var bindings: [Binding] = []
    private var scopes: [Scope]
    /// The functions around the element that is being visited, outermost first.
    private var path = [0]
    /// Where names stand that are bound there.
    private var boundAt: Set<UInt32> = []
    private var uses: [(name: String, path: [Int])] = []

    init(_ tree: SyntaxTree) {
        let end = UInt32(truncatingIfNeeded: tree.file.bytes.count)
        scopes = [Scope(span: SourceSpan(start: 0, end: end))]
        tree.walk { element in
            visit(element)
            return true
        }
    }

    /// The bindings that nothing uses, the first of each name.
    var unused: [Binding] {
        var used = Array(repeating: Set<String>(), count: scopes.count)
        for use in uses {
            let scope = use.path.last { scopes[$0].names.contains(use.name) } ?? 0
            used[scope].insert(use.name)
        }
        return bindings.filter { used[$0.scope].insert($0.name).inserted }
    }

    // MARK: Visiting

    private mutating func visit(_ element: SyntaxTree.Element) {
        switch element {
        case .statement(let statement):
            leaveFunctions(before: statement.span.start)
            visit(statement)
        case .expression(let expression):
            leaveFunctions(before: expression.span.start)
            visit(expression)
        case .parameter: break
        }
    }

    /// Elements come in the order of the file, so a function is behind us once one starts at its
    /// end.
    private mutating func leaveFunctions(before offset: UInt32) {
        while path.count > 1, scopes[path[path.count - 1]].span.end <= offset {
            path.removeLast()
        }
    }

    private var scope: Int { path[path.count - 1] }

    private mutating func visit(_ statement: SyntaxTree.Statement) {
        switch statement.kind {
        case .assignment(let target, _):
            if case .name(let name) = target.kind {
                bind(name, .assigned, at: target.span)
                boundAt.insert(target.span.start)
            } else {
                bind(variables: target)
            }
        case .for(let variables, _, _): bind(variables: variables)
        case .load(_, let names):
            for name in names { bind(name.localName, .loaded, at: name.span) }
        case .def(let function):
            bind(function.name, .defined, at: function.nameSpan)
            scopes.append(
                Scope(names: Set(function.parameters.map(\.name)), span: statement.span))
            path.append(scopes.count - 1)
        default: break
        }
    }

    private mutating func visit(_ expression: SyntaxTree.Expression) {
        switch expression.kind {
        case .name(let name):
            if !boundAt.contains(expression.span.start) { uses.append((name, path)) }
        case .listComprehension(_, let clauses), .dictComprehension(_, let clauses):
            for case .for(let variables, _) in clauses { note(variables) }
        default: break
        }
    }

    // MARK: Binding

    private mutating func bind(_ name: String, _ kind: Binding.Kind, at span: SourceSpan) {
        scopes[scope].names.insert(name)
        bindings.append(Binding(name: name, kind: kind, span: span, scope: scope))
    }

    /// Names that are bound several at a time, or again and again: it takes all of them to have
    /// one, so none is called unused.
    private mutating func bind(variables: SyntaxTree.Expression) {
        for name in note(variables) { scopes[scope].names.insert(name) }
    }

    /// Notes where names are bound.
    @discardableResult
    private mutating func note(_ target: SyntaxTree.Expression) -> [String] {
        var names: [String] = []
        var waiting = [target]
        while let expression = waiting.popLast() {
            switch expression.kind {
            case .name(let name):
                boundAt.insert(expression.span.start)
                names.append(name)
            case .tuple(let parts), .list(let parts): waiting += parts
            case .parenthesized(let inner): waiting.append(inner)
            default: break
            }
        }
        return names
    }
}
