extension Interpreter {
    /// Called when the fuel is spent: looks at the limits, collects garbage if that is due, refuels.
    @inline(never)
    func interrupt(
        _ frame: UnsafeMutablePointer<Frame>, _ next: UnsafeMutablePointer<Instruction>
    ) throws(Failure) {
        frame.pointee.next = next
        let state = machine.state
        let context = machine.context
        context.profiler?.record(state, next: next, base: context.profilerBase)
        try context.checkLimits(state)
        if state.pointee.arena.state.pointee.bytesInUse
            >= state.pointee.arena.state.pointee.collectionThreshold
        {
            machine.collectIfPossible()
            context.profiler?.recordCollection()
            // What a collection cannot free counts against the limit.
            try machine.arena.checkSize(0)
        }
    }
}

extension Machine {
    /// So many bytes may be allocated before the first collection; later, as many as survived.
    ///
    /// Small enough to stay in the second-level cache with what a typical loop touches.
    static let initialCollectionThreshold = 1 << 20

    /// Below so many bytes memory is saved rather than time.
    private static let smallHeap = 16 << 20

    /// Drops what cannot be reached any more, unless somebody holds values where they cannot be updated:
    /// a builtin that called back, or the host.
    func collectIfPossible() {
        let arena = state.pointee.arena
        let arenaState = arena.state
        guard state.pointee.loopDepth == 1, context.hasNoOutsideValues else {
            arenaState.pointee.collectionThreshold = arenaState.pointee.bytesInUse * 2
            return
        }
        let before = arenaState.pointee.bytesInUse
        collect()
        let after = arenaState.pointee.bytesInUse
        // Where most of it lives on, the next collection would be in vain too: let more come first.
        let isVain = after > before / 4 * 3 && after > Machine.smallHeap
        let factor = isVain ? 3 : 2
        arenaState.pointee.collectionThreshold = max(
            Machine.initialCollectionThreshold, after * factor)
    }

    /// Drops every object, after those of use were moved to another arena.
    func reset() {
        collect()
        arena.state.pointee.retained = [:]
    }

    private func collect() {
        let arenaState = state.pointee.arena.state
        let oldChunks = arenaState.pointee.chunks
        arenaState.pointee.chunks = []
        let nowhere = UnsafeMutableRawPointer(arenaState)
        arenaState.pointee.cursor = nowhere
        arenaState.pointee.limit = nowhere

        var collector = Collector(.collect, from: arena, to: arena)
        copyRoots(&collector)
        collector.finish()

        releaseDeadHostObjects(alive: collector.hostObjects)
        Collector.sweepBlocks(of: arena)
        // As much again as now lives will be allocated before the next collection.
        let spare = arenaState.pointee.chunks.count + Machine.minimumSpareChunks
        for chunk in oldChunks {
            #if DEBUG
                // A reference that was not updated shows at once.
                chunk.initializeMemory(as: UInt8.self, repeating: 0xdb, count: Arena.chunkSize)
            #endif
            if arenaState.pointee.spareChunks.count < spare {
                arenaState.pointee.spareChunks.append(chunk)
            } else {
                Arena.systemFree(chunk)
            }
        }
    }

    /// At least so many empty chunks are kept for use again.
    private static let minimumSpareChunks = 8

    private func copyRoots(_ collector: inout Collector) {
        let depth = state.pointee.depth
        var top = state.pointee.stack
        var limit = top
        for index in 0..<depth {
            let frame = state.pointee.frames + index
            limit = max(limit, frame.pointee.end)
            frame.pointee.function = collector.copy(frame.pointee.function)
            // Registers are taken as from a stack: from the called function's on, nothing is in use.
            var end = frame.pointee.end
            if index + 1 < depth {
                let next = state.pointee.frames[index + 1].registers
                end = min(end, next)
                if end < next { end.update(repeating: .unbound, count: next - end) }
            }
            collector.copy(frame.pointee.registers, end - frame.pointee.registers)
            top = end
        }
        // What lies above is dead; it must not be taken for values when the stack grows over it again.
        if top < state.pointee.stackLimit {
            top.update(repeating: .unbound, count: state.pointee.stackLimit - top)
        }
        state.pointee.stackLimit = limit
        for owner in context.liveGlobals {
            collector.copy(owner.record.pointee.values, owner.record.pointee.count)
        }
    }

    private func releaseDeadHostObjects(alive: [UnsafeMutableRawPointer]) {
        let arenaState = arena.state
        for object in arenaState.pointee.hostObjects
        where Value(object: object).header.pointee.type != .forwarded {
            HostReference(object).release()
        }
        arenaState.pointee.hostObjects = alive
    }
}
