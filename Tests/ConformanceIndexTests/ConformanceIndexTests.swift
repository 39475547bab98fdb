import CBrambleConformances
import Foundation
import Testing

/// The index sees the records of the image that it is linked into, which are those of this file too. What it says of
/// a pair is compared with what the runtime says, which reads them all.
@Suite("The index of conformances")
struct ConformanceIndexTests {
    struct Case: CustomTestStringConvertible {
        enum Answer {
            case conforms, conformsNot, leftToTheRuntime
        }

        let testDescription: String
        let type: Any.Type
        let answer: Answer

        init(_ name: String, _ type: Any.Type, _ answer: Answer) {
            testDescription = name
            self.type = type
            self.answer = answer
        }
    }

    static let cases = [
        Case("struct", Plain.self, .conforms),
        Case("enum", Choice.self, .conforms),
        Case("generic struct", Wrapper<Int>.self, .conforms),
        Case("generic struct, once more", Wrapper<Wrapper<String>>.self, .conforms),
        Case("nested in a generic enum", Outer<Int>.Inner.self, .conforms),
        Case("of another module", Date.self, .conforms),
        Case("generic and of another module", Range<Int>.self, .conforms),
        Case("struct that does not conform", Stranger.self, .conformsNot),
        Case("generic enum that does not conform", Outer<Int>.self, .conformsNot),
        Case("optional", Plain?.self, .conformsNot),
        Case("Any", Any.self, .conformsNot),
        Case("AnyObject", AnyObject.self, .conformsNot),
        Case("on a condition that holds", Pair<Plain>.self, .leftToTheRuntime),
        Case("on a condition that does not", Pair<Stranger>.self, .leftToTheRuntime),
        Case("on an actor", OnMainActor.self, .leftToTheRuntime),
        Case("class", Base.self, .leftToTheRuntime),
        Case("subclass", Derived.self, .leftToTheRuntime),
        Case("existential of one protocol", (any Marked).self, .leftToTheRuntime),
        Case("existential of an error", (any Error).self, .leftToTheRuntime),
        Case("tuple", (Int, Int).self, .leftToTheRuntime),
        Case("function", (() -> Void).self, .leftToTheRuntime),
        Case("metatype", Plain.Type.self, .leftToTheRuntime),
        Case("of C, compared by name", timespec.self, .leftToTheRuntime),
    ]

    @Test(arguments: cases)
    func saysWhatTheRuntimeSays(_ item: Case) {
        let type = unsafeBitCast(item.type, to: UnsafeRawPointer.self)
        var witnesses: UnsafeRawPointer?
        let found = bramble_find_conformance(type, marked, &witnesses)
        // A metatype of one protocol is a pointer to the type and one to its witness table.
        let metatype = item.type as? any Marked.Type
        let expected = withUnsafeBytes(of: metatype) {
            $0.load(fromByteOffset: 8, as: UnsafeRawPointer?.self)
        }
        switch item.answer {
        case .conforms:
            #expect(found == BRAMBLE_CONFORMS)
            #expect(witnesses == expected && expected != nil)
        case .conformsNot:
            #expect(found == BRAMBLE_CONFORMS_NOT)
            #expect(expected == nil)
        case .leftToTheRuntime:
            #expect(found == BRAMBLE_CONFORMANCE_UNKNOWN)
        }
    }

    /// One record is not taken for that of another protocol.
    @Test func tellsProtocolsApart() {
        var witnesses: UnsafeRawPointer?
        let type = unsafeBitCast(Stranger.self as Any.Type, to: UnsafeRawPointer.self)
        let other = protocolDescriptor((any Other).self)
        #expect(bramble_find_conformance(type, marked, &witnesses) == BRAMBLE_CONFORMS_NOT)
        #expect(bramble_find_conformance(type, other, &witnesses) == BRAMBLE_CONFORMS)
    }

    private var marked: UnsafeRawPointer { protocolDescriptor((any Marked).self) }

    /// The one protocol of an existential type: it stands behind kind, flags and count (`TargetExistentialTypeMetadata`).
    private func protocolDescriptor(_ existential: Any.Type) -> UnsafeRawPointer {
        unsafeBitCast(existential, to: UnsafeRawPointer.self)
            .load(fromByteOffset: 16, as: UnsafeRawPointer.self)
    }
}

private protocol Marked {}
private protocol Other {}

private struct Plain: Marked {}
private struct Stranger: Other {}
private enum Choice: Marked { case one, other }
private struct Wrapper<Value>: Marked { var value: Value }
private enum Outer<Value> {
    struct Inner: Marked { var value: Value }
}
extension Date: Marked {}
extension Range: Marked {}
private struct Pair<Value> { var value: Value }
extension Pair: Marked where Value: Marked {}
@MainActor private struct OnMainActor: @MainActor Marked {}
private class Base: Marked {}
private final class Derived: Base {}
