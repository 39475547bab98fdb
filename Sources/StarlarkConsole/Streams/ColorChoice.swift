import Glibc

/// Whether a stream is written to in colours, as the command line has it.
package enum ColorChoice: String, CaseIterable, Sendable {
    case auto, always, never

    /// - Parameter descriptor: Of the stream.
    package func usesColor(on descriptor: Int32) -> Bool {
        switch self {
        case .always: return true
        case .never: return false
        case .auto:
            // no-color.org: any value but the empty one.
            if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
            if let terminal = getenv("TERM"), String(cString: terminal) == "dumb" { return false }
            return isatty(descriptor) != 0
        }
    }
}
