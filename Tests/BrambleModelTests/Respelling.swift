import TestKit

@testable import BrambleModel

/// Writes JSON in another way that means the same.
enum Respelling {
    static func respell(_ json: [UInt8], _ random: inout SeededRandom) throws -> [UInt8] {
        var text = ""
        write(try JSONValue(json: json, limits: .default), to: &text, &random)
        return Array(text.utf8)
    }

    private static func write(
        _ value: JSONValue, to text: inout String, _ random: inout SeededRandom
    ) {
        text += space(&random)
        switch value {
        case .object(let fields):
            text += "{"
            for (index, field) in fields.shuffled(using: &random).enumerated() {
                if index > 0 { text += "," }
                text += space(&random) + quoted(field.key, &random) + space(&random) + ":"
                write(field.value, to: &text, &random)
            }
            text += space(&random) + "}"
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                write(element, to: &text, &random)
            }
            text += "]"
        case .string(let string): text += quoted(string, &random)
        case .integer(let number): text += String(number)
        case .boolean(let boolean): text += String(boolean)
        case .null: text += "null"
        case .written(let json): text += String(decoding: json, as: UTF8.self)
        }
        text += space(&random)
    }

    private static func space(_ random: inout SeededRandom) -> String {
        ["", "", " ", "\n", "\t", "\r\n  "].randomElement(using: &random)!
    }

    private static func quoted(_ string: String, _ random: inout SeededRandom) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            if mustEscape || Int.random(in: 0..<4, using: &random) == 0 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: Bool.random(using: &random))
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
