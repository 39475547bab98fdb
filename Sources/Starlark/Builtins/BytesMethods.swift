/// The methods of bytes.
enum BytesMethods {
    static let all: [Builtin] = [
        Builtin("elems") { (call: borrowing Call) throws(Failure) -> Value in
            try call.expect(0)
            return call.arena.makeStringElements(.elements, of: call.receiver)
        }
    ]
}
