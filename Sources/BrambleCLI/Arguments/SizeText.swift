import ArgumentParser

/// A number of bytes on the command line, with a unit or without: powers of 1024.
enum SizeText {
    static func parse(_ text: String) throws -> Int {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        var digits = text[...]
        var unit = 1
        if let last = text.last?.uppercased().first, let known = units[last] {
            unit = known
            digits = digits.dropLast()
        }
        guard let number = Int(digits), number > 0,
            case (let bytes, let isTooLarge) = number.multipliedReportingOverflow(by: unit),
            !isTooLarge
        else {
            throw ValidationError("`\(text)` is no size; write 4096, 500M or 4G")
        }
        return bytes
    }
}
