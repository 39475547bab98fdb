import SourceDiagnostics
import Starlark
import StarlarkConsole

/// A profile as text.
struct ProfileReport {
    let text: String

    init(_ profile: Profile, _ format: CommandConfiguration.ProfileFormat) {
        text =
            switch format {
            case .table: ProfileReport.table(profile)
            case .collapsed: ProfileReport.collapsed(profile)
            }
    }

    /// - Parameter path: Of a file; standard error if nil.
    func write(to path: String?) throws(FileFailure) {
        let output =
            if let path { try OutputStream.file(path) } else { OutputStream.standardError() }
        output.write(text)
        output.flush()
        if let failure = output.failure { throw failure }
    }

    // MARK: Formats

    /// As Brendan Gregg's FlameGraph and its kin read it: `outer;inner 123`.
    private static func collapsed(_ profile: Profile) -> String {
        profile.stacks.map { stack in
            let path = stack.functions.joined(separator: ";")
            return path + " " + decimal(stack.time / .microseconds(1), places: 0) + "\n"
        }.joined()
    }

    /// So many functions, and so many lines, are what one looks at.
    private static let maximumRows = 20

    private static func table(_ profile: Profile) -> String {
        let total = profile.totalTime
        let collection = time(profile.collectionTime)
        var text = "profile: \(time(total)) in all, \(collection) of it collecting garbage\n"
        text += "\n      self             total         calls  function\n"
        for function in profile.functions.prefix(maximumRows) {
            let place = function.place
            text += share(function.selfTime, total) + "  " + share(function.totalTime, total)
            text += padded("\(function.calls)", 12)
            text += "  \(place.name) (\(place.file.name):\(place.line))\n"
        }
        text += rest(profile.functions.count)
        text += "\n      time              hits  line\n"
        for line in profile.lines.prefix(maximumRows) {
            text += share(line.time, total) + padded("\(line.hits)", 12)
            text += "  \(line.file.name):\(line.line): " + excerpt(line) + "\n"
        }
        return text + rest(profile.lines.count)
    }

    private static func rest(_ count: Int) -> String {
        count > maximumRows ? "  … \(count - maximumRows) more\n" : ""
    }

    private static func excerpt(_ line: Profile.Line) -> String {
        let words = line.file.text(ofLine: line.line).split(whereSeparator: \.isWhitespace)
        return String(words.joined(separator: " ").prefix(60))
    }

    // MARK: Numbers

    private static func share(_ part: Duration, _ whole: Duration) -> String {
        let percent = whole > .zero ? 100 * (part / whole) : 0
        return padded(decimal(percent, places: 1) + "%", 7) + padded(time(part), 10)
    }

    /// Milliseconds, which is the unit to think in here.
    private static func time(_ duration: Duration) -> String {
        decimal(duration / .milliseconds(1), places: 3) + "ms"
    }

    private static func decimal(_ number: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let digits = String(Int((number * scale).rounded()))
        guard places > 0 else { return digits }
        let full = padded(digits, places + 1).map { $0 == " " ? "0" : $0 }
        return String(full.dropLast(places)) + "." + String(full.suffix(places))
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
