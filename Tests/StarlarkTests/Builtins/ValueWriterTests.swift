import Testing

@testable import Starlark

@Suite struct ValueWriterTests {
    @Test(
        arguments: [
            (Literal.string(Array("a\"\\\n\t\u{7}\u{7f}\u{200d}é😿".utf8)),
                #""a\"\\\n\t\a\x7f\u200dé😿""#),
            (.string([0x61, 0xff, 0xe4, 0xb8]), #""a\xff\xe4\xb8""#),
            (.string([0xed, 0xb0, 0x80]), #""\xed\xb0\x80""#),
            (.bytes([0, 0x61]), #"b"\x00a""#),
            (.tuple([]), "()"), (.tuple([1]), "(1,)"), (.set([]), "set()"),
            (.dict([("k", .list([1, .none, true]))]), #"{"k": [1, None, True]}"#),
            (.range(2, 9, 1), "range(2, 9)"), (.range(9, 2, 1), "range(9, 2)"),
            (.method("a", "elem_ords"), #""a".elem_ords()"#),
        ])
    func writes(_ literal: Literal, _ expected: String) {
        #expect(BuiltinFixture().outcome { f throws(Failure) in try f.value(literal) } == expected)
    }

    @Test func marksCycles() {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            let list = ListObject(try fixture.value([1]))
            let dict = TableObject(try fixture.value([:]))
            try dict.set(.none, list.value, in: fixture.arena)
            try list.append(dict.value, in: fixture.arena)
            return list.value
        }
        #expect(outcome == "[1, {None: [...]}]")
    }

    @Test func limitsDepth() {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            var value = Value.none
            for _ in 0...Value.maximumDepth { value = try fixture.arena.makeTuple(value) }
            return value
        }
        #expect(outcome == "error: values nested too deeply to print")
    }

    @Test func writesStructuresAndBuiltins() {
        let fixture = BuiltinFixture()
        let structure = fixture.outcome { fixture throws(Failure) in
            let arena = fixture.arena
            let fields = [
                (name: try arena.makeString("b").value, value: Value.none),
                (name: try arena.makeString("a").value, value: Value.true),
            ]
            return try arena.makeStructure(.structure, constructor: .none, fields: fields)
        }
        #expect(structure == "struct(a = True, b = None)")
        let module = fixture.outcome { fixture throws(Failure) in
            let name = try fixture.arena.makeString("json").value
            return try fixture.arena.makeStructure(.module, constructor: name, fields: [])
        }
        #expect(module == #"<module "json">"#)
        let method = fixture.outcome { fixture throws(Failure) in
            try Operations.attribute(
                of: fixture.value([]), fixture.arena.makeString("append"), fixture.machine)
        }
        #expect(method == "<built-in method append of list value>")
    }
}
