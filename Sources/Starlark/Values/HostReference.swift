/// A Swift object of the host as a value. Layout: header, a retained reference.
struct HostReference {
    let object: UnsafeMutableRawPointer
    init(_ object: UnsafeMutableRawPointer) { self.object = object }
    func release() {}
    var typeName: String { "host" }
    var isTruthy: Bool { true }
    var isCallable: Bool { false }
    var length: Int? { nil }
    func equals(_ other: HostReference) throws(Failure) -> Bool { object == other.object }
    func hash() throws(Failure) -> UInt32 { 0 }
    func elements(in arena: Arena) throws(Failure) -> Value { throw Failure("not iterable") }
}
