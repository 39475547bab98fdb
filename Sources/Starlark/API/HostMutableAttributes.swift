/// A host object whose attributes, besides those among `members`, can be set until it is frozen:
/// `x.name = value`.
public protocol HostMutableAttributes: HostObject {
    /// Sets an attribute that is not among `members`.
    ///
    /// - Throws: an error if there can be no such attribute, or not with that value.
    func setAttribute(_ name: String, to value: StarlarkValue) throws
}

extension HostMutableAttributes {
    func assign(
        _ name: String, to value: Value, of reference: HostReference, in arena: Arena
    ) throws(Failure) {
        if reference.isFrozen { throw Failure("cannot set .\(name) of frozen \(typeName)") }
        _ = try arena.convert(for: "\(typeName).\(name)") { factory in
            try setAttribute(name, to: factory.value(value))
            return nil
        }
    }
}
