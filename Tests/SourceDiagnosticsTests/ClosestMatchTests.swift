import SourceDiagnostics
import Testing

struct ClosestMatchTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var candidates: [String]
        var match: String?

        init(_ name: String, _ candidates: [String], _ match: String?) {
            self.name = name
            self.candidates = candidates
            self.match = match
        }

        var testDescription: String { "\(name) among \(candidates.prefix(4))" }
    }

    @Test(arguments: [
        Case("hollo", ["print", "hello", "help"], "hello"),
        Case("abd", ["xyz", "abc"], "abc"),
        Case("goodbye", ["hello", "abc", "print"], nil),
        // One letter missing, added, swapped.
        Case("srts", ["srcs", "strs"], "srcs"),
        Case("visibilty", ["visibility"], "visibility"),
        Case("deeps", ["deps"], "deps"),
        Case("recieve", ["receive", "relieve"], "receive"),
        // Two slips in five letters, but not in four.
        Case("froze", ["assert", "freeze"], "freeze"),
        Case("form", ["from", "for_"], "from"),
        Case("abcd", ["acbx"], nil),
        // Case does not count.
        Case("none", ["None", "nine"], "None"),
        Case("TRUE", ["True"], "True"),
        // The nearest wins; among equals, the first.
        Case("prinf", ["print", "printf"], "print"),
        Case("cat", ["bat", "hat"], "bat"),
        // Short names are near everything, and a name is no help for itself.
        Case("x", ["y", "z"], nil),
        Case("ab", ["ac"], nil),
        Case("same", ["same"], nil),
        Case("same", [], nil),
        Case(String(repeating: "a", count: 1000), [String(repeating: "a", count: 999)], nil),
        Case("größe", ["grösse", "größen"], "größen"),
    ])
    func closest(_ test: Case) {
        #expect(closestMatch(to: test.name, among: test.candidates) == test.match)
    }
}
