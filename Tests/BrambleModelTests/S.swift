import BrambleModel
import Testing

struct SmokeTests {
    @Test func smoke() throws {
        var f = Derivation.Fields(name: try DerivationName("hello"), builder: "/bin/sh")
        f.platform = try Platform("linux-x86_64")
        let d = try Derivation(f)
        let g = try DerivationGraph([d], roots: [d.hash])
        print(String(decoding: g.canonicalJSON, as: UTF8.self))
        #expect(try DerivationGraph(json: g.canonicalJSON) == g)
    }
}
