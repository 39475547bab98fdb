/// One thing that is wrong with a value of the model, or with its JSON text.
///
/// It is the user's mistake, whoever the user is: the author of a `.bramble` file or of a program
/// that writes graphs. So it says where, what, and what to do.
public struct Fault: Error, Hashable, Sendable {
    /// What kind of fault it is, for programs.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// The text is not JSON.
        case syntax
        /// A size, a depth or a count is over its limit.
        case limit
        /// An object has a key twice.
        case duplicateKey = "duplicate_key"
        /// An object has a field that the format does not know.
        case unknownField = "unknown_field"
        /// An object lacks a field that it must have.
        case missingField = "missing_field"
        /// A value is of another type than the format says.
        case wrongType = "wrong_type"
        /// A value is written out that must be absent: an empty list, or a default.
        case redundantValue = "redundant_value"
        /// A name, hash, URL or text breaks its grammar.
        case invalidText = "invalid_text"
        /// A path is absolute, or has empty, `.` or `..` components.
        case invalidPath = "invalid_path"
        /// A text is almost a reference.
        case malformedReference = "malformed_reference"
        /// A list that is a set is not sorted.
        case unsorted
        /// A list that is a set has an element twice.
        case duplicate
        /// Fields contradict each other, or the builder does not take them.
        case conflict
        /// A derivation is named that is not in the graph.
        case missingDerivation = "missing_derivation"
        /// An output is named that the derivation does not have.
        case missingOutput = "missing_output"
        /// Derivations need each other.
        case cycle
        /// A derivation stands under a hash that is not its own.
        case hashMismatch = "hash_mismatch"
        /// The text is of another format, or of a version that is not known here.
        case unsupportedSchema = "unsupported_schema"
    }

    public var code: Code
    /// Where it is, from the value that was checked.
    public var path: JSONPath
    /// Where it is in the text, in bytes from the start; nil if there is no text.
    public var offset: Int?
    /// What is wrong, without a full stop; names stand in backticks.
    public var message: String
    /// What to do about it.
    public var hint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.path = JSONPath()
        self.offset = nil
        self.message = message
        self.hint = hint
    }

    /// The fault as seen from an enclosing value.
    func under(_ outer: JSONPath) -> Fault {
        var fault = self
        fault.path = JSONPath(outer.components + path.components)
        return fault
    }
}

extension Fault: CustomStringConvertible {
    /// `PATH (byte OFFSET): MESSAGE`, and the hint on a line of its own.
    public var description: String {
        let place = offset.map { "\(path) (byte \($0))" } ?? "\(path)"
        return "\(place): \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
    }
}
