/// Why a server does not run.
package struct ServerError: Error, Sendable, Hashable {
    package enum Code: Sendable {
        /// The address can't be listened at.
        case cannotListen
        /// It would be open to people who should not be let in.
        case notSafe
        /// A file or a folder can't be used.
        case files
        /// A certificate, a key, a file of tokens is wrong.
        case configuration
        /// Actions were to be run, and there is no sandbox.
        case sandbox
    }

    package let code: Code
    /// What failed and why, without a full stop.
    package let message: String
    /// What to do about it.
    package let hint: String?

    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension ServerError: CustomStringConvertible {
    package var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
