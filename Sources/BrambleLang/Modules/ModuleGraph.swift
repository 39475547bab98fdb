import SourceDiagnostics

/// Modules with all that they load.
struct ModuleGraph: Sendable {
    enum Entry: Sendable {
        case read(ReadModule)
        case unreadable(ModuleProblem)
    }

    let entries: [ModuleName: Entry]
    /// More modules than these were not read.
    let maximumModules: Int

    subscript(name: ModuleName) -> ReadModule? {
        guard case .read(let module)? = entries[name] else { return nil }
        return module
    }

    /// An order in which each module stands behind those it loads.
    struct Order {
        var modules: [ReadModule] = []
        /// Loads that lead back to a module that is loaded.
        var cycles: [Diagnostic] = []
        /// Loads of modules that can't be read.
        var unreadable: [Diagnostic] = []
    }

    /// Goes through the modules that the given ones load, depth first: what it finds, and in which
    /// order, depends on the modules only. Without recursion, as there is no limit to how deeply
    /// modules load one another.
    func order(from roots: [ModuleName]) -> Order {
        var order = Order()
        var states: [ModuleName: Visit] = [:]
        for root in roots {
            guard states[root] == nil, let module = self[root] else { continue }
            var path = [Step(module: module)]
            states[root] = .underWay
            while var step = path.popLast() {
                guard step.next < step.module.loads.count else {
                    states[step.module.name] = .done
                    order.modules.append(step.module)
                    continue
                }
                let load = step.module.loads[step.next]
                step.next += 1
                path.append(step)
                guard let target = load.module else { continue }
                switch states[target] {
                case .done: continue
                case .underWay: order.cycles.append(ModuleGraph.cycle(path, to: target))
                case nil:
                    visit(target, load, from: step.module, &path, &states, &order)
                }
            }
        }
        return order
    }

    private enum Visit {
        case underWay, done
    }

    /// A module on the way from a root, and the load that is next.
    private struct Step {
        let module: ReadModule
        var next = 0

        /// The load through which the way goes on.
        var load: ReadModule.Load { module.loads[next - 1] }
    }

    private func visit(
        _ target: ModuleName, _ load: ReadModule.Load, from module: ReadModule,
        _ path: inout [Step], _ states: inout [ModuleName: Visit], _ order: inout Order
    ) {
        switch entries[target] {
        case .read(let next):
            states[target] = .underWay
            path.append(Step(module: next))
        case .unreadable(let problem):
            order.unreadable.append(
                Diagnostic(
                    .error, problem.message, in: module.file, at: load.span,
                    hint: problem.hint))
        case nil:
            order.unreadable.append(
                Diagnostic(
                    .error, "there are more than \(maximumModules) modules",
                    in: module.file, at: load.span))
        }
    }

    /// The circle that the last load of a path closes, with the place of each load in it.
    private static func cycle(_ path: [Step], to target: ModuleName) -> Diagnostic {
        let start = path.lastIndex { $0.module.name == target } ?? path.startIndex
        let circle = path[start...]
        let names = circle.map { "`\($0.module.name)`" } + ["`\(target)`"]
        let first = circle[start]
        let notes = zip(circle.dropFirst(), names.dropFirst(2)).map { step, next in
            Diagnostic.Note(
                message: "`\(step.module.name)` loads \(next)", file: step.module.file,
                span: step.load.span)
        }
        return Diagnostic(
            .error, "modules load one another in a circle: \(names.joined(separator: " -> "))",
            in: first.module.file, at: first.load.span, notes: notes,
            hint: "move what both sides need into a module of its own")
    }
}
