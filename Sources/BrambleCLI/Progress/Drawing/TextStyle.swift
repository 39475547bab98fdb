/// How a part of a line looks, where colours are wanted; the numbers are those of ECMA-48, `SGR`.
enum TextStyle: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case good = "32"
    case bad = "1;31"
    case warning = "1;33"
    case remark = "1;36"

    func paint(_ text: String, usesColor: Bool) -> String {
        usesColor && self != .plain && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
