@testable import BrambleModel

/// Checks JSON against a JSON Schema (draft 2020-12), as far as ours uses that language; a keyword
/// that is not known here is an error, so that none is passed over in silence.
struct JSONSchema {
    struct Unsupported: Error {
        let keyword: String
    }

    let root: JSONValue

    init(text: String) throws {
        root = try JSONValue(json: Array(text.utf8), limits: .default)
    }

    func accepts(_ json: [UInt8]) throws -> Bool {
        try accepts(try JSONValue(json: json, limits: .default), root)
    }

    private func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
        if case .boolean(let accepts) = schema { return accepts }
        guard case .object(let keywords) = schema else { throw Unsupported(keyword: "schema") }
        // No early exit: every keyword is looked at, known or not.
        return try keywords.map { try accepts(value, $0.key, $0.value, schema) }.allSatisfy { $0 }
    }

    private func accepts(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue
    ) throws -> Bool {
        switch keyword {
        case "$schema", "$id", "title", "description", "$defs", "then", "else": return true
        case "type": return value.kind.hasSuffix(rule.text)
        case "const": return value.written == rule.written
        case "enum": return rule.elements.contains { $0.written == value.written }
        case "not": return try !accepts(value, rule)
        case "allOf": return try rule.elements.allSatisfy { try accepts(value, $0) }
        case "$ref": return try accepts(value, definition(rule.text))
        case "if":
            let branch = try accepts(value, rule) ? "then" : "else"
            return try schema[branch].map { try accepts(value, $0) } ?? true
        default: break
        }
        switch value {
        case .string(let text): return try accepts(text, keyword, rule)
        case .array(let elements): return try accepts(elements, keyword, rule)
        case .object: return try accepts(object: value, keyword, rule, schema)
        default: return true
        }
    }

    private func accepts(_ text: String, _ keyword: String, _ rule: JSONValue) throws -> Bool {
        switch keyword {
        case "minLength": return text.unicodeScalars.count >= rule.number
        case "maxLength": return text.unicodeScalars.count <= rule.number
        case "pattern":
            let regex = try Regex(rule.text).matchingSemantics(.unicodeScalar)
            return text.contains(regex)
        default: return try ignored(keyword)
        }
    }

    private func accepts(
        _ elements: [JSONValue], _ keyword: String, _ rule: JSONValue
    ) throws -> Bool {
        switch keyword {
        case "minItems": return elements.count >= rule.number
        case "maxItems": return elements.count <= rule.number
        case "uniqueItems": return Set(elements.map(\.written)).count == elements.count
        case "items": return try elements.allSatisfy { try accepts($0, rule) }
        default: return try ignored(keyword)
        }
    }

    private func accepts(
        object: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: JSONValue
    ) throws -> Bool {
        let fields = object.fields
        switch keyword {
        case "minProperties": return fields.count >= rule.number
        case "maxProperties": return fields.count <= rule.number
        case "required": return rule.elements.allSatisfy { object[$0.text] != nil }
        case "propertyNames": return try fields.allSatisfy { try accepts(.string($0.key), rule) }
        case "properties":
            return try rule.fields.allSatisfy { name, rule in
                try object[name].map { try accepts($0, rule) } ?? true
            }
        case "additionalProperties":
            let others = fields.filter { schema["properties"]?[$0.key] == nil }
            return try others.allSatisfy { try accepts($0.value, rule) }
        default: return try ignored(keyword)
        }
    }

    /// Keywords for values of other types say nothing of this one.
    private func ignored(_ keyword: String) throws -> Bool {
        let known = [
            "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "items",
            "minProperties", "maxProperties", "required", "propertyNames", "properties",
            "additionalProperties",
        ]
        guard known.contains(keyword) else { throw Unsupported(keyword: keyword) }
        return true
    }

    private func definition(_ reference: String) throws -> JSONValue {
        let name = reference.split(separator: "/").last.map(String.init) ?? ""
        guard reference == "#/$defs/\(name)", let found = root["$defs"]?[name] else {
            throw Unsupported(keyword: reference)
        }
        return found
    }
}

extension JSONValue {
    fileprivate var text: String { if case .string(let text) = self { text } else { "" } }
    fileprivate var number: Int { if case .integer(let number) = self { number } else { 0 } }
    fileprivate var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
    fileprivate var fields: [(key: String, value: JSONValue)] {
        if case .object(let fields) = self { fields } else { [] }
    }
    fileprivate var written: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}
