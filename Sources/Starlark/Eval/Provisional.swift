extension HostReference {
    static let size = 16
    func retain() {}
    func call(_ a: Interpreter.Arguments, _ m: Machine) throws(Failure) -> Value { .none }
}
