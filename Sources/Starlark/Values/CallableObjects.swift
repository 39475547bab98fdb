/// A function of the program.
///
/// Layout: header (auxiliary: number of values), the code, the globals of its module, then the default
/// values of its last parameters that have any, then the cells it captures.
struct FunctionObject {
    struct Layout {
        var header: ObjectHeader
        /// Lives as long as its `Program`, which the heap retains.
        var code: UnsafeMutablePointer<Code>
        var globals: UnsafeMutablePointer<GlobalsRecord>
    }

    let pointer: UnsafeMutablePointer<Layout>
    static let headSize = MemoryLayout<Layout>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var value: Value { Value(object: UnsafeMutableRawPointer(pointer)) }
    @inline(__always) var code: UnsafeMutablePointer<Code> { pointer.pointee.code }
    var name: String { StringObject(code.pointee.name).text }
    /// Defaults, then captured cells.
    @inline(__always) var values: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(pointer) + FunctionObject.headSize)
            .assumingMemoryBound(to: Value.self)
    }
    @inline(__always) var valueCount: Int { Int(pointer.pointee.header.auxiliary) }
}

/// A variable that nested functions share. Layout: header, the value.
struct CellObject {
    struct Layout {
        var header: ObjectHeader
        var content: Value
    }

    let pointer: UnsafeMutablePointer<Layout>

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }
}

/// A builtin function, or a method bound to its receiver.
///
/// Layout: header, what it is, the receiver (unbound for a function).
struct BuiltinObject {
    struct Layout {
        var header: ObjectHeader
        /// Retained by whoever made the object: a static table, or the heap.
        var builtin: Unmanaged<Builtin>
        var receiver: Value
    }

    let pointer: UnsafeMutablePointer<Layout>

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var builtin: Unmanaged<Builtin> { pointer.pointee.builtin }
    @inline(__always) var receiver: Value { pointer.pointee.receiver }
}

extension Arena {
    @inline(__always)
    func makeCell(_ content: Value) -> Value {
        let memory = allocateSmall(MemoryLayout<CellObject.Layout>.size)
        memory.assumingMemoryBound(to: CellObject.Layout.self).initialize(
            to: .init(header: ObjectHeader(type: .cell, flags: []), content: content))
        return Value(object: memory)
    }

    /// A builtin value. The caller sees to it that `builtin` lives as long as this arena.
    func makeBuiltin(_ builtin: Builtin, receiver: Value = .unbound) -> Value {
        let memory = allocateSmall(MemoryLayout<BuiltinObject.Layout>.size)
        memory.assumingMemoryBound(to: BuiltinObject.Layout.self).initialize(
            to: .init(
                header: ObjectHeader(type: .builtin, flags: .frozen),
                builtin: .passUnretained(builtin), receiver: receiver))
        return Value(object: memory)
    }
}
