#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Copies values and all they reach, each object once: within an arena, to drop the rest (collection), or
/// into a heap of its own, never to change again (freezing).
///
/// Objects in permanent heaps stay where they are. What has a block of its own is kept by a collection, and
/// handed over or copied by freezing. The work list is explicit, so depth costs no stack.
struct Collector {
    enum Mode {
        /// Live objects move to fresh chunks of the same arena; the old places point to the new ones.
        case collect
        /// Live objects move to another arena; the old ones are of no further use.
        case freeze
        /// As `freeze`, but the originals stay as they are.
        case freezeCopy
    }

    let mode: Mode
    let source: Arena
    let target: Arena
    /// Copies whose references still point to the originals.
    private var pending: [UnsafeMutableRawPointer] = []
    /// Where originals went, where they may not be written to.
    private var copies: [UnsafeMutableRawPointer: UnsafeMutableRawPointer] = [:]
    /// The globals of modules that frozen functions belong to.
    private var records:
        [UnsafeMutablePointer<GlobalsRecord>: UnsafeMutablePointer<GlobalsRecord>] = [:]
    /// Host objects that were copied.
    private(set) var hostObjects: [UnsafeMutableRawPointer] = []
    /// The first host object that could not be frozen. What was copied is then of no use.
    private(set) var failure: Failure?

    init(_ mode: Mode, from source: Arena, to target: Arena) {
        self.mode = mode
        self.source = source
        self.target = target
        source.forgetRecipes()
    }

    // MARK: Tracing

    /// The value to use instead of `value`. Call `finish` when all roots were copied.
    mutating func copy(_ value: Value) -> Value {
        guard value.isObject else { return value }
        let header = value.header
        if header.pointee.flags.contains(.permanent) { return value }
        if header.pointee.type == .forwarded {
            return Value(object: Collector.forwardingAddress(value.object).pointee)
        }
        if mode == .freezeCopy, let known = copies[value.object] { return Value(object: known) }
        if mode == .collect {
            if header.pointee.flags.contains(.large) {
                if mark(block: value.object) { pending.append(value.object) }
                return value
            }
            // Most objects are strings.
            if header.pointee.type == .string { return Value(object: moveString(value.object)) }
        }
        return Value(object: move(value.object))
    }

    /// As `move`, for a string that a collection finds: nothing but its bytes matters.
    @inline(__always)
    private func moveString(_ object: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let size = StringObject.headSize &+ StringObject(Value(object: object)).count
        let copy = target.allocateSmall(size)
        Collector.copyWords(from: object, to: copy, size)
        object.assumingMemoryBound(to: ObjectHeader.self).pointee.type = .forwarded
        Collector.forwardingAddress(object).pointee = copy
        return copy
    }

    mutating func copy(_ values: UnsafeMutablePointer<Value>, _ count: Int) {
        for index in 0..<count { values[index] = copy(values[index]) }
    }

    /// Copies what the copies so far refer to, until nothing is left.
    mutating func finish() {
        while let object = pending.popLast() { update(object) }
    }

    private static func forwardingAddress(
        _ object: UnsafeMutableRawPointer
    ) -> UnsafeMutablePointer<UnsafeMutableRawPointer> {
        (object + MemoryLayout<ObjectHeader>.size)
            .assumingMemoryBound(to: UnsafeMutableRawPointer.self)
    }

    private mutating func move(_ object: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let size = self.size(object)
        let copy = place(object, size)
        let header = copy.assumingMemoryBound(to: ObjectHeader.self)
        if mode != .collect {
            prepareFrozen(copy, header)
        }
        if header.pointee.type == .host {
            hostObjects.append(copy)
            if mode != .collect { freeze(HostReference(copy)) }
        }
        if mode == .freezeCopy {
            copies[object] = copy
        } else if copy != object {
            object.assumingMemoryBound(to: ObjectHeader.self).pointee.type = .forwarded
            Collector.forwardingAddress(object).pointee = copy
        }
        if Collector.hasReferences(header.pointee.type) { pending.append(copy) }
        return copy
    }

    /// Memory in the target with the same bytes.
    private func place(
        _ object: UnsafeMutableRawPointer, _ size: Int
    ) -> UnsafeMutableRawPointer {
        if size <= Arena.largeSize {
            let copy = target.allocateSmall(size)
            Collector.copyWords(from: object, to: copy, size)
            return copy
        }
        return mode == .freeze
            ? source.handOver(block: object, to: target)
            : target.copyBlock(object, size)
    }

    /// Most objects are a few words: a loop beats the call of `memcpy`. Objects are 8 bytes apart, so
    /// the last word may be copied whole.
    @inline(__always)
    private static func copyWords(
        from object: UnsafeMutableRawPointer, to copy: UnsafeMutableRawPointer, _ size: Int
    ) {
        guard size <= 64 else { return copy.copyMemory(from: object, byteCount: size) }
        let source = object.assumingMemoryBound(to: UInt.self)
        let target = copy.assumingMemoryBound(to: UInt.self)
        for index in 0..<(size &+ 7) &>> 3 { target[index] = source[index] }
    }

    private func prepareFrozen(
        _ copy: UnsafeMutableRawPointer, _ header: UnsafeMutablePointer<ObjectHeader>
    ) {
        header.pointee.iterations = 0
        if header.pointee.type == .string || header.pointee.type == .bytes {
            let string = StringObject(Value(object: copy))
            if string.count <= Arena.largeSize { _ = string.hash }
        }
        header.pointee.flags.formUnion([.frozen, .permanent])
    }

    private static func hasReferences(_ type: ObjectType) -> Bool {
        switch type {
        case .string, .bytes, .bigInt, .float, .range, .host, .forwarded: false
        default: true
        }
    }

    /// The size of an object in bytes, without the buffers it points to.
    private func size(_ object: UnsafeMutableRawPointer) -> Int {
        let value = Value(object: object)
        let auxiliary = Int(value.header.pointee.auxiliary)
        let word = MemoryLayout<Value>.size
        switch value.header.pointee.type {
        case .string, .bytes: return StringObject.headSize + StringObject(value).count
        case .bigInt: return BigIntObject.headSize + max(auxiliary >> 1, 1) * word
        case .float: return MemoryLayout<FloatObject.Layout>.size
        case .list: return ListObject.size
        case .tuple: return TupleObject.headSize + max(auxiliary, 1) * word
        case .dict, .set: return TableObject.size
        case .range: return MemoryLayout<RangeObject.Layout>.size
        case .function: return FunctionObject.headSize + auxiliary * word
        case .builtin: return MemoryLayout<BuiltinObject.Layout>.size
        case .structure, .module:
            return StructureObject.headSize + shapeCount(StructureObject(value)) * word
        case .stringElements: return MemoryLayout<StringElementsObject.Layout>.size
        case .host: return HostReference.size
        case .cell: return MemoryLayout<CellObject.Layout>.size
        case .shape: return ShapeObject.size(count: auxiliary)
        case .forwarded: preconditionFailure("forwarded objects are not copied again")
        }
    }

    /// The number of fields, even if the shape was moved already.
    private func shapeCount(_ structure: StructureObject) -> Int {
        let shape = structure.pointer.pointee.shape
        if shape.header.pointee.type == .forwarded {
            let moved = Collector.forwardingAddress(shape.object).pointee
            return ShapeObject(Value(object: moved)).count
        }
        return ShapeObject(shape).count
    }

    /// Lets a copied reference refer to what stands for the host's object from now on.
    private mutating func freeze(_ copy: HostReference) {
        if mode == .freezeCopy { copy.retain() }
        do throws(Failure) {
            try copy.freeze(in: source)
        } catch {
            if failure == nil { failure = error }
        }
    }

    // MARK: Updating a copy

    /// Lets the references in a copy point to copies.
    private mutating func update(_ object: UnsafeMutableRawPointer) {
        let value = Value(object: object)
        switch value.header.pointee.type {
        case .list: updateList(ListObject(value))
        case .tuple:
            let tuple = TupleObject(value)
            copy(tuple.items, tuple.count)
        case .dict, .set: updateTable(TableObject(value))
        case .function: updateFunction(FunctionObject(value))
        case .builtin:
            let builtin = BuiltinObject(value)
            builtin.pointer.pointee.receiver = copy(builtin.receiver)
        case .structure, .module:
            let structure = StructureObject(value)
            structure.pointer.pointee.shape = copy(structure.pointer.pointee.shape)
            structure.pointer.pointee.constructor = copy(structure.constructor)
            copy(structure.fields, structure.shape.count)
        case .stringElements:
            let elements = StringElementsObject(value)
            elements.pointer.pointee.string = copy(elements.pointer.pointee.string)
        case .cell:
            let cell = CellObject(value)
            cell.pointer.pointee.content = copy(cell.pointer.pointee.content)
        case .shape:
            let shape = ShapeObject(value)
            copy(shape.names, shape.count)
        case .string, .bytes, .bigInt, .float, .range, .host, .forwarded: break
        }
    }

    private mutating func updateList(_ list: ListObject) {
        let capacity = list.pointer.pointee.capacity
        let (items, newCapacity) = buffer(list.items, capacity, using: list.count)
        list.pointer.pointee.items = items
        list.pointer.pointee.capacity = newCapacity
        copy(items, list.count)
    }

    private mutating func updateTable(_ table: TableObject) {
        let layout = table.pointer
        let (entries, capacity) = buffer(
            layout.pointee.entries, Int(layout.pointee.capacity), using: table.used)
        layout.pointee.entries = entries
        layout.pointee.capacity = UInt32(truncatingIfNeeded: capacity)
        let indexCapacity = Int(layout.pointee.indexCapacity)
        layout.pointee.index =
            buffer(layout.pointee.index, indexCapacity, using: indexCapacity).start
        for number in 0..<table.used {
            entries[number].key = copy(entries[number].key)
            entries[number].value = copy(entries[number].value)
        }
    }

    /// The buffer for a copy to use: kept or handed over if it is a block, else copied.
    private func buffer<Element: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Element>, _ capacity: Int, using count: Int
    ) -> (start: UnsafeMutablePointer<Element>, capacity: Int) {
        guard capacity > 0 else { return (old, 0) }
        let stride = MemoryLayout<Element>.stride
        let raw = UnsafeMutableRawPointer(old)
        if capacity * stride > Arena.largeSize {
            switch mode {
            case .collect:
                _ = mark(block: raw)
                return (old, capacity)
            case .freeze:
                return (
                    source.handOver(block: raw, to: target)
                        .assumingMemoryBound(to: Element.self), capacity
                )
            case .freezeCopy:
                return (
                    target.copyBlock(raw, capacity * stride)
                        .assumingMemoryBound(to: Element.self), capacity
                )
            }
        }
        // A frozen container never grows again.
        let kept = mode == .collect ? capacity : count
        guard kept > 0 else { return (old, 0) }
        let new = target.allocateSmall(kept * stride).assumingMemoryBound(to: Element.self)
        new.update(from: old, count: count)
        return (new, kept)
    }

    private mutating func updateFunction(_ function: FunctionObject) {
        copy(function.values, function.valueCount)
        guard mode != .collect else { return }
        function.pointer.pointee.globals = frozen(record: function.pointer.pointee.globals)
    }

    /// The frozen counterpart of a module's globals.
    private mutating func frozen(
        record: UnsafeMutablePointer<GlobalsRecord>
    ) -> UnsafeMutablePointer<GlobalsRecord> {
        records[record] ?? freeze(record: record).record
    }

    /// Copies the globals of a module.
    mutating func freeze(record: UnsafeMutablePointer<GlobalsRecord>) -> GlobalsOwner {
        let owner = GlobalsOwner(program: record.pointee.program.takeUnretainedValue())
        target.state.pointee.retained[ObjectIdentifier(owner)] = owner
        records[record] = owner.record
        for index in 0..<record.pointee.count {
            owner.record.pointee.values[index] = copy(record.pointee.values[index])
        }
        return owner
    }

    // MARK: Blocks

    private static let markBit = Int.min

    /// Marks a block as reached; false if it was already.
    private func mark(block: UnsafeMutableRawPointer) -> Bool {
        let prefix = (block - Arena.blockPrefixSize).assumingMemoryBound(to: Int.self)
        if prefix[1] & Collector.markBit != 0 { return false }
        prefix[1] |= Collector.markBit
        return true
    }

    /// Frees the blocks that a collection did not reach and renumbers the others.
    static func sweepBlocks(of arena: Arena) {
        var kept: [UnsafeMutableRawPointer?] = []
        for case let block? in arena.state.pointee.blocks {
            let prefix = block.assumingMemoryBound(to: Int.self)
            if prefix[1] & markBit != 0 {
                prefix[1] &= ~markBit
                prefix[0] = kept.count
                kept.append(block)
            } else {
                arena.state.pointee.blockBytes -= prefix[1]
                free(block)
            }
        }
        arena.state.pointee.blocks = kept
    }
}

extension Arena {
    /// Gives a block to another arena.
    fileprivate func handOver(
        block start: UnsafeMutableRawPointer, to other: Arena
    ) -> UnsafeMutableRawPointer {
        let block = start - Arena.blockPrefixSize
        let prefix = block.assumingMemoryBound(to: Int.self)
        state.pointee.blocks[prefix[0]] = nil
        state.pointee.blockBytes -= prefix[1]
        prefix[0] = other.state.pointee.blocks.count
        other.state.pointee.blocks.append(block)
        other.state.pointee.blockBytes += prefix[1]
        return start
    }

    /// A block with the same bytes as another. What exists was within the limits once, so none is applied.
    fileprivate func copyBlock(
        _ start: UnsafeMutableRawPointer, _ size: Int
    ) -> UnsafeMutableRawPointer {
        let block = Arena.systemAllocate(size + Arena.blockPrefixSize)
        let prefix = block.assumingMemoryBound(to: Int.self)
        prefix[0] = state.pointee.blocks.count
        prefix[1] = size
        state.pointee.blocks.append(block)
        state.pointee.blockBytes += size
        let copy = block + Arena.blockPrefixSize
        copy.copyMemory(from: start, byteCount: size)
        return copy
    }
}
