extension Value {
    /// Freezes a value and all it reaches where it stands, in the middle of an evaluation.
    ///
    /// What a module exports is frozen by copying (`Collector`); this is for hosts that share a value
    /// with the program early.
    func freezeInPlace() {
        var visited: Set<UInt> = []
        var pending = [self]
        while let value = pending.popLast() {
            guard value.isObject, !value.header.pointee.flags.contains(.permanent),
                visited.insert(value.bits).inserted
            else { continue }
            value.header.pointee.flags.insert(.frozen)
            value.appendReferences(to: &pending)
        }
    }

    private func appendReferences(to pending: inout [Value]) {
        switch header.pointee.type {
        case .list: pending += ListObject(self).buffer
        case .tuple: pending += TupleObject(self).buffer
        case .dict, .set:
            let table = TableObject(self)
            for number in 0..<table.used where !table.entries[number].key.isUnbound {
                pending.append(table.entries[number].key)
                pending.append(table.entries[number].value)
            }
        case .structure, .module:
            let structure = StructureObject(self)
            for index in 0..<structure.shape.count { pending.append(structure.fields[index]) }
        case .function:
            let function = FunctionObject(self)
            for index in 0..<function.valueCount { pending.append(function.values[index]) }
        case .cell: pending.append(CellObject(self).pointer.pointee.content)
        case .builtin: pending.append(BuiltinObject(self).receiver)
        default: break
        }
    }
}
