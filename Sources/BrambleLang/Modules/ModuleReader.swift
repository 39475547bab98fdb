import SourceDiagnostics

/// Reads modules and all that they load, on several threads. Nothing is run: what a module loads
/// stands in its text.
struct ModuleReader: Sendable {
    let provider: any ModuleProvider
    let threads: Int
    /// Whether what modules load is read as well.
    let followsLoads: Bool
    /// How many modules are read.
    let maximumModules: Int
    let cancellation: EvaluationCancellation

    /// What there is to do, and what was done.
    private struct Progress {
        var waiting: [ModuleName]
        var known: Set<ModuleName>
        var underWay = 0
        var entries: [ModuleName: ModuleGraph.Entry] = [:]

        /// A module to read, `.some(nil)` if all is done, nil if others may find more.
        mutating func take() -> ModuleName?? {
            if let name = waiting.popLast() {
                underWay += 1
                return .some(name)
            }
            return underWay == 0 ? .some(nil) : nil
        }

        mutating func finish(
            _ name: ModuleName, _ entry: ModuleGraph.Entry, maximumModules: Int
        ) {
            underWay -= 1
            entries[name] = entry
            guard case .read(let module) = entry else { return }
            for load in module.loads {
                guard let target = load.module, known.count < maximumModules,
                    known.insert(target).inserted
                else { continue }
                waiting.append(target)
            }
        }
    }

    /// - Parameter modules: Where to begin.
    func read(_ modules: [ModuleName]) -> ModuleGraph {
        let known = Set(modules)
        let progress = Monitor(Progress(waiting: known.sorted(), known: known))
        WorkerThreads.run(count: threads) { _ in
            while let name = progress.wait({ $0.take() }) {
                let entry = self.entry(name)
                let maximum = followsLoads ? maximumModules : 0
                progress.update { $0.finish(name, entry, maximumModules: maximum) }
            }
        }
        return ModuleGraph(
            entries: progress.update { $0.entries }, maximumModules: maximumModules)
    }

    private func entry(_ name: ModuleName) -> ModuleGraph.Entry {
        if cancellation.isCancelled { return .unreadable(ModuleProblem("cancelled")) }
        do {
            return .read(ReadModule(name, try provider.source(of: name), provider))
        } catch {
            return .unreadable(ModuleProblem(error))
        }
    }
}
