#ifndef CBRAMBLE_CONFORMANCES_H
#define CBRAMBLE_CONFORMANCES_H

/// What the records of this program say of a type and a protocol.
enum bramble_conformance {
    /// It conforms, whatever its arguments are.
    BRAMBLE_CONFORMS,
    /// No record says that it does.
    BRAMBLE_CONFORMS_NOT,
    /// Only the runtime can tell: it depends on arguments, superclasses, an actor, or names.
    BRAMBLE_CONFORMANCE_UNKNOWN,
};

/// Looks a type up in the index of this program's conformance records, which the first call makes.
///
/// The records are those that are linked into the image of this function. They are all there are where the program is linked
/// statically; elsewhere other images have more, and `BRAMBLE_CONFORMS_NOT` says nothing.
///
/// - Parameters:
///   - type: the type's metadata.
///   - protocol: the protocol's descriptor.
///   - witnesses: set to the witness table, if it conforms.
enum bramble_conformance bramble_find_conformance(
    const void *type, const void *protocol, const void **witnesses);

#endif
