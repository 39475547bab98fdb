import Testing

@testable import Starlark

/// The functions of `json`, below their arguments.
@Suite struct JSONTests {
    private static func encode(_ value: Value, _ test: TestHeap) throws -> String {
        var encoder = JSONEncoder(test.arena)
        try encoder.encode(value)
        return StringObject(try encoder.text.makeString()).text
    }

    private static func decode(_ text: String, _ test: TestHeap) throws -> Value {
        var decoder = JSONDecoder(StringObject(try test.string(text)).bytes, test.arena)
        return try decoder.decode()
    }

    private static func indent(
        _ text: String, prefix: String = "", indent: String? = nil, _ test: TestHeap
    ) throws -> String {
        var style = JSONIndentation.Style()
        style.prefix = StringObject(try test.string(prefix)).bytes
        if let indent { style.indent = StringObject(try test.string(indent)).bytes }
        var indentation = JSONIndentation(
            StringObject(try test.string(text)).bytes, style, test.arena)
        try indentation.run()
        return String(decoding: indentation.text.bytes, as: UTF8.self)
    }

    /// Texts that are written again as they were.
    @Test(arguments: [
        "null", "true", "false", "0", "-1", "123456789012345678901234567890", "1.5", "1e+30",
        "-2.5e-07", "\"\"", "\"a b\"", "[]", "[1,[2,[]],{}]", "{}",
        "{\"a\":1,\"b\":{\"c\":null}}", #""quote \" backslash \\ slash /""#,
        #""\b\t\n\f\r\u0000\u001f""#, "\"\u{7f}é€😹\u{2028}\"",
    ])
    func `values go through text`(text: String) throws {
        let test = TestHeap()
        #expect(try JSONTests.encode(try JSONTests.decode(text, test), test) == text)
    }

    static let decoded: [(String, String)] = [
        (" \t\r\n[ 1 , 2 ] ", "[1,2]"), ("{\"b\":1,\"a\":2,\"b\":3}", "{\"a\":2,\"b\":3}"),
        ("-0", "0"), ("-0.0", "-0.0"), ("1E2", "100.0"), ("0e1", "0.0"),
        (#""\u0041\u00e9\u20ac""#, "\"Aé€\""), (#""\ud83d\ude39""#, "\"😹\""),
        (#""\ud83d""#, "\"\u{fffd}\""), (#""\ude39x""#, "\"\u{fffd}x\""),
        (#""\ud83d\u0041""#, "\"\u{fffd}A\""), (#""\ud83d\ud83d\ude39""#, "\"\u{fffd}😹\""),
        (#""\/\b\f\n\r\t""#, #""/\b\f\n\r\t""#),
    ]

    @Test(arguments: decoded)
    func `texts are read as the values they denote`(text: String, wanted: String) throws {
        let test = TestHeap()
        #expect(try JSONTests.encode(try JSONTests.decode(text, test), test) == wanted)
    }

    static let invalid: [(String, String)] = [
        ("", "at offset 0, unexpected end of file"), ("  ", "at offset 2, unexpected end of file"),
        ("truefalse", "at offset 4, unexpected character 'f' after value"),
        ("nul", "at offset 0, unexpected character 'n'"),
        ("'a'", #"at offset 0, unexpected character '\''"#),
        ("\u{e9}", #"at offset 0, unexpected character '\xc3'"#),
        ("\"abc", "at offset 0, unclosed string literal"),
        (#""abc\"#, "at offset 0, unclosed string literal"),
        (#""abc\""#, "at offset 0, unclosed string literal"),
        ("\"a\tb\"", #"at offset 2, invalid character '\x09' in string literal"#),
        (#""ab\gc""#, #"at offset 3, invalid escape '\g'"#),
        (#""\u12""#, #"at offset 1, incomplete \uXXXX escape"#),
        (#""\u12g4""#, #"at offset 1, incomplete \uXXXX escape"#),
        (#""\ud83d\u12""#, #"at offset 7, incomplete \uXXXX escape"#),
        ("-", "at offset 1, invalid number: -"), ("-a", "at offset 1, invalid number: -"),
        ("01", "at offset 2, invalid number: 01"), ("-00", "at offset 3, invalid number: -00"),
        ("1.", "at offset 2, invalid number: 1."), ("1.e1", "at offset 4, invalid number: 1.e1"),
        ("1e", "at offset 2, invalid number: 1e"), ("1e1e1", "at offset 5, invalid number: 1e1e1"),
        ("1.2.3", "at offset 5, invalid number: 1.2.3"),
        ("--1", "at offset 3, invalid number: --1"),
        ("1e999", "at offset 5, invalid number: 1e999"),
        ("+1", "at offset 0, unexpected character '+'"),
        (".5", "at offset 0, unexpected character '.'"),
        ("0x1", "at offset 1, unexpected character 'x' after value"),
        ("[1, 2", "at offset 5, unexpected end of file"),
        ("[1 2]", "at offset 3, got '2', want ',' or ']'"),
        ("[1,]", "at offset 3, unexpected character ']'"),
        ("[1}", "at offset 2, got '}', want ',' or ']'"),
        ("{1:2}", "at offset 2, got int for object key, want string"),
        ("{\"a\" 1}", "at offset 5, after object key, got '1', want ':'"),
        ("{\"a\":1 \"b\"}", "at offset 7, in object, got '\"', want ',' or '}'"),
        ("{\"a\":1,}", "at offset 7, unexpected character '}'"),
        ("{\"a\":1", "at offset 6, unexpected end of file"),
        (String(repeating: "[", count: 100_000), "at offset 400, nesting depth limit exceeded"),
        (
            String(repeating: "{\"a\":", count: 100_000),
            "at offset 2000, nesting depth limit exceeded"
        ),
    ]

    @Test(arguments: invalid)
    func `invalid texts are refused at their place`(text: String, wanted: String) {
        let test = TestHeap()
        #expect(test.message { _ = try JSONTests.decode(text, test) } == wanted)
    }

    @Test func `invalid UTF-8 becomes the replacement character`() throws {
        let test = TestHeap()
        let bytes: [UInt8] = [0x22, 0x61, 0xff, 0xf0, 0x9f, 0xc3, 0xa9, 0xed, 0xa0, 0x80, 0x22]
        let wanted = "a\u{fffd}\u{fffd}\u{fffd}é\u{fffd}\u{fffd}\u{fffd}"
        let text = try bytes.withUnsafeBufferPointer { try test.arena.makeString($0) }
        var decoder = JSONDecoder(text.bytes, test.arena)
        #expect(StringObject(try decoder.decode()).text == wanted)
        let inner = UnsafeBufferPointer(rebasing: text.bytes[1..<10])
        let value = try test.arena.makeString(inner).value
        #expect(try JSONTests.encode(value, test) == "\"\(wanted)\"")
    }

    @Test func `all kinds of containers are written`() throws {
        let test = TestHeap()
        let arena = test.arena
        let inner = try arena.makeList(of: [Value(smallInt: 0), Value(smallInt: 1)])
        let tuple = try arena.makeTuple(inner, .none)
        let set = try arena.makeTable(.set)
        try set.set(try test.string("x"), .none, in: arena)
        let structure = try arena.makeStructure(
            .structure, constructor: .none,
            fields: [(try test.string("y"), set.value), (try test.string("x"), tuple)])
        let dict = try arena.makeTable(.dict)
        try dict.set(try test.string("zz"), structure, in: arena)
        try dict.set(try test.string("z"), .true, in: arena)
        let wanted = #"{"z":true,"zz":{"x":[[0,1],null],"y":["x"]}}"#
        #expect(try JSONTests.encode(dict.value, test) == wanted)
    }

    @Test func `what has no JSON is refused with the way to it`() throws {
        let test = TestHeap()
        let arena = test.arena
        let function = arena.makeBuiltin(JSONModule.functions[0])
        let dict = try arena.makeTable(.dict)
        try dict.set(try test.string("k\n"), function, in: arena)
        let structure = try arena.makeStructure(
            .structure, constructor: .none,
            fields: [(try test.string("x"), try arena.makeList(of: [.none, dict.value]))])
        #expect(
            test.message { _ = try JSONTests.encode(structure, test) }
                == #"in field .x: at list index 1: in dict key "k\n": "#
                + "cannot encode builtin_function_or_method as JSON")

        let integers = try arena.makeTable(.dict)
        try integers.set(Value(smallInt: 1), .none, in: arena)
        #expect(
            test.message { _ = try JSONTests.encode(integers.value, test) }
                == "dict has int key, want string")
        #expect(
            test.message { _ = try JSONTests.encode(arena.makeFloat(.nan), test) }
                == "cannot encode non-finite float nan")

        let list = try arena.makeList(capacity: 1)
        try list.append(list.value, in: arena)
        #expect(
            test.message { _ = try JSONTests.encode(list.value, test) }
                == "at list index 0: cycle in JSON structure")

        var deep = Value.none
        for _ in 0..<100_000 { deep = try arena.makeTuple(deep) }
        let message = test.message { _ = try JSONTests.encode(deep, test) }
        #expect(message?.hasSuffix("nesting depth limit exceeded") == true)
    }

    @Test func `indentation puts one element on a line`() throws {
        let test = TestHeap()
        let text = #" { "a" : [ 1 , "x y" , { } , [ ] ] , "b" : null } "#
        #expect(
            try JSONTests.indent(text, prefix: "#", indent: "..", test) == """
                {
                #.."a": [
                #....1,
                #...."x y",
                #....{},
                #....[]
                #..],
                #.."b": null
                #}
                """)
        #expect(try JSONTests.indent("[1]", test) == "[\n\t1\n]")
        #expect(try JSONTests.indent(" 1 ", test) == "1")
        let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        #expect(try JSONTests.indent(deep, indent: "", test).count == 2 * 1000 + 2 * 999)
    }

    @Test(arguments: [
        ("!", "at offset 0, invalid character '!' looking for beginning of value"),
        ("[", "at offset 1, unexpected end of file"),
        ("[1 2]", "at offset 3, invalid character '2' after element"),
        ("{1:2}", "at offset 1, invalid character '1' looking for beginning of object key string"),
        ("{\"a\",2}", "at offset 4, invalid character ',' after object key"),
        ("1 2", "at offset 2, invalid character '2' after value"),
        ("[01]", "at offset 3, invalid number: 01"),
    ])
    func `indentation refuses what is no JSON`(text: String, wanted: String) {
        let test = TestHeap()
        #expect(test.message { _ = try JSONTests.indent(text, test) } == wanted)
    }
}

extension Arena {
    fileprivate func makeList(of items: [Value]) throws -> Value {
        let list = try makeList(capacity: items.count)
        for item in items { try list.append(item, in: self) }
        return list.value
    }
}
