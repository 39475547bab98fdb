/// Names and passwords by host, in the form of the file `~/.netrc` (man 5 netrc of inetutils; curl
/// reads the same).
///
/// `default` is passed over: no password goes to a host that the file does not name.
package struct Netrc: Sendable {
    private let credentials: [String: Credential]

    package static let none = Netrc(parsing: "")

    /// Reads a file's text. Words that are not known are passed over, as all readers of the format do.
    package init(parsing text: String) {
        var credentials: [String: Credential] = [:]
        var words = Words(text: text)
        var machine: String?
        var user = ""
        var password = ""
        func end() {
            // The first entry of a host counts.
            guard let machine, credentials[machine] == nil else { return }
            credentials[machine] = Credential(user: user, password: password)
        }
        while let word = words.next() {
            switch word {
            case "machine", "default":
                end()
                machine = word == "machine" ? words.next()?.lowercased() : nil
                (user, password) = ("", "")
            case "login": user = words.next() ?? ""
            case "password": password = words.next() ?? ""
            case "account": _ = words.next()
            case "macdef": words.skipParagraph()
            default: continue
            }
        }
        end()
        self.credentials = credentials
    }

    func credential(forHost host: String) -> Credential? { credentials[host] }

    /// Splits at white space; words may stand in double quotes, with `\` before a quote.
    private struct Words {
        var rest: Substring.UnicodeScalarView

        init(text: String) { rest = Substring(text).unicodeScalars }

        mutating func next() -> String? {
            while let first = rest.first {
                if first.properties.isWhitespace {
                    rest.removeFirst()
                } else if first == "#" {
                    rest = rest.drop { $0 != "\n" }
                } else {
                    return first == "\"" ? quoted() : plain()
                }
            }
            return nil
        }

        /// Passes over all up to an empty line.
        mutating func skipParagraph() {
            var previous: Unicode.Scalar?
            while let scalar = rest.popFirst() {
                if scalar == "\n", previous == "\n" { return }
                previous = scalar
            }
        }

        private mutating func plain() -> String {
            let word = rest.prefix { !$0.properties.isWhitespace }
            rest = rest[word.endIndex...]
            return String(word)
        }

        private mutating func quoted() -> String {
            rest.removeFirst()
            var word = String.UnicodeScalarView()
            while let scalar = rest.popFirst(), scalar != "\"" {
                word.append(scalar == "\\" ? rest.popFirst() ?? scalar : scalar)
            }
            return String(word)
        }
    }
}
