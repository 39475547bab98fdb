/// The field names of structures made alike. Layout: header (auxiliary: number of names), the names as
/// strings, sorted; then their hashes, 4 bytes each, so that a search compares integers first.
struct ShapeObject {
    let pointer: UnsafeMutablePointer<ObjectHeader>
    static let headSize = MemoryLayout<ObjectHeader>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.header }

    @inline(__always) var value: Value { Value(object: UnsafeMutableRawPointer(pointer)) }
    @inline(__always) var count: Int { Int(pointer.pointee.auxiliary) }
    @inline(__always) var names: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(pointer) + ShapeObject.headSize)
            .assumingMemoryBound(to: Value.self)
    }
    @inline(__always) var hashes: UnsafeMutablePointer<UInt32> {
        UnsafeMutableRawPointer(names + count).assumingMemoryBound(to: UInt32.self)
    }

    static func size(count: Int) -> Int {
        headSize + max(count, 1) * (MemoryLayout<Value>.size + MemoryLayout<UInt32>.size)
    }

    /// The position of a name, or -1.
    @inline(__always)
    func index(of name: StringObject) -> Int {
        let hash = name.hash
        let hashes = self.hashes
        for index in 0..<count where hashes[index] == hash {
            if StringObject(names[index]).equals(name) { return index }
        }
        return -1
    }
}

/// A `struct` or `module` value: immutable, with named fields.
///
/// Layout: header, the shape, the constructor (what `struct` printed as: None for `struct`, a string for
/// another name; of a module: its name), the fields' values in the shape's order.
struct StructureObject {
    struct Layout {
        var header: ObjectHeader
        var shape: Value
        var constructor: Value
    }

    let pointer: UnsafeMutablePointer<Layout>
    static let headSize = MemoryLayout<Layout>.size

    @inline(__always)
    init(_ value: Value) { pointer = value.object.assumingMemoryBound(to: Layout.self) }

    @inline(__always) var shape: ShapeObject { ShapeObject(pointer.pointee.shape) }
    @inline(__always) var constructor: Value { pointer.pointee.constructor }
    @inline(__always) var fields: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(pointer) + StructureObject.headSize)
            .assumingMemoryBound(to: Value.self)
    }

    /// The value of a field, or nil.
    @inline(__always)
    func field(_ name: StringObject) -> Value? {
        let index = shape.index(of: name)
        return index < 0 ? nil : fields[index]
    }
}

extension Arena {
    /// A shape from names (strings) that are sorted and distinct.
    func makeShape(sortedNames names: [Value]) throws(Failure) -> ShapeObject {
        let size = ShapeObject.size(count: names.count)
        let memory = try allocate(size)
        memory.assumingMemoryBound(to: ObjectHeader.self).initialize(
            to: ObjectHeader(
                type: .shape, flags: size > Arena.largeSize ? [.large, .frozen] : .frozen,
                auxiliary: UInt32(truncatingIfNeeded: names.count)))
        let shape = ShapeObject(Value(object: memory))
        for (index, name) in names.enumerated() {
            shape.names[index] = name
            shape.hashes[index] = StringObject(name).hash
        }
        return shape
    }

    /// A structure whose fields the caller fills in at once, in the order of the shape.
    func makeStructure(
        _ type: ObjectType, shape: ShapeObject, constructor: Value
    ) throws(Failure) -> StructureObject {
        let size = StructureObject.headSize + shape.count * MemoryLayout<Value>.size
        let memory = try allocate(size)
        memory.assumingMemoryBound(to: StructureObject.Layout.self).initialize(
            to: .init(
                header: ObjectHeader(
                    type: type, flags: size > Arena.largeSize ? [.large, .frozen] : .frozen),
                shape: shape.value, constructor: constructor))
        return StructureObject(Value(object: memory))
    }

    /// A structure from distinct names (strings) in any order and their values.
    func makeStructure(
        _ type: ObjectType, constructor: Value, fields: [(name: Value, value: Value)]
    ) throws(Failure) -> Value {
        let sorted = fields.sorted { StringObject($0.name).compare(StringObject($1.name)) < 0 }
        let shape = try makeShape(sortedNames: sorted.map(\.name))
        let structure = try makeStructure(type, shape: shape, constructor: constructor)
        for (index, field) in sorted.enumerated() { structure.fields[index] = field.value }
        return Value(object: UnsafeMutableRawPointer(structure.pointer))
    }
}
