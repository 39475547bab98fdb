/// Where a value is inside another one: `$.derivations["…"].args[3]` (RFC 9535).
public struct JSONPath: Hashable, Sendable {
    /// One step down.
    public enum Component: Hashable, Sendable {
        /// Into an object.
        case key(String)
        /// Into an array, counted from 0.
        case index(Int)
    }

    public var components: [Component]

    public init(_ components: [Component] = []) {
        self.components = components
    }

    public func appending(_ key: String) -> JSONPath {
        JSONPath(components + [.key(key)])
    }

    public func appending(_ index: Int) -> JSONPath {
        JSONPath(components + [.index(index)])
    }
}

extension JSONPath: CustomStringConvertible {
    /// Keys stand after a dot if they are identifiers of fewer than 32 bytes, else quoted.
    public var description: String {
        components.reduce(into: "$") { text, component in
            switch component {
            case .index(let index): text += "[\(index)]"
            case .key(let key):
                text += JSONPath.isIdentifier(key) ? ".\(key)" : "[\"\(visible(key))\"]"
            }
        }
    }

    private static func isIdentifier(_ key: String) -> Bool {
        guard let first = key.utf8.first, key.utf8.count < 32 else { return false }
        return !first.isASCIIDigit
            && key.utf8.allSatisfy {
                $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
            }
    }
}
