import BrambleModel
import TestKit

/// Graphs of random shape and content.
struct RandomGraph {
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// - Returns: Derivations, each of which refers to earlier ones.
    mutating func derivations(count: Int) throws -> [Derivation] {
        var made: [Derivation] = []
        for index in 0..<count {
            made.append(try derivation(index, referringTo: made))
        }
        return made
    }

    private mutating func derivation(
        _ index: Int, referringTo earlier: [Derivation]
    ) throws -> Derivation {
        var fields = Derivation.Fields(
            name: try DerivationName("d\(index)"), builder: "/bin/" + plain(10))
        fields.platform = try Platform(chance(2) ? "linux-x86_64" : "linux-aarch64")
        if chance(3) { fields.target = try Platform("linux-riscv64") }
        fields.args = (0..<upTo(5)).map { _ in text(earlier) }
        for _ in 0..<upTo(6) { fields.env["V" + plain(8)] = text(earlier) }
        if chance(2) {
            let names = Set((0..<upTo(4) + 1).map { _ in "o" + plain(6).lowercased() })
            fields.outputs = try names.sorted().map { try OutputName($0) }
                .shuffled(using: &random)
        }
        if chance(2) {
            fields.sources = SourceSet(
                package: chance(3) ? try PackageName("example.org/" + plain(5)) : nil,
                base: chance(2) ? try RelativePath("b/" + plain(5)) : nil,
                paths: try (0..<upTo(6) + 1).map { _ in
                    try RelativePath("s" + plain(4) + "/é" + plain(4))
                })
        }
        if let target = earlier.randomElement(using: &random), chance(3) {
            fields.links["/l" + plain(5)] = target.reference()!.description + "/x"
        }
        return try Derivation(fields)
    }

    /// Text with all that JSON and references make difficult.
    private mutating func text(_ earlier: [Derivation]) -> String {
        let pieces = [
            "plain text", "\"", "\\", "/", "\n\t\r\u{8}\u{C}", "\u{1}\u{1F}\u{7F}", "é", "e\u{301}",
            "世界", "😀", "{{", "}}", "{{ x }}", "$out", "\u{FFFF}\u{FEFF}", "K", "\u{212A}",
        ]
        return (0..<upTo(6)).reduce(into: "") { result, _ in
            if let target = earlier.randomElement(using: &random), chance(3) {
                let output = target.outputs.randomElement(using: &random)!
                result += target.reference(to: output)!.description
            } else {
                result += pieces.randomElement(using: &random)!
            }
        }
    }

    private mutating func plain(_ length: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789_")
        return String((0...upTo(length)).map { _ in letters.randomElement(using: &random)! })
    }

    mutating func upTo(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    private mutating func chance(_ one: Int) -> Bool { upTo(one) == 0 }
}
