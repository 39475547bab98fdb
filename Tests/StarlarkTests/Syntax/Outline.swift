import SourceDiagnostics
import Starlark

/// A short text for the structure of a tree, to compare with: prefix notation in parentheses.
struct Outline {
    static func of(_ source: String) throws -> String {
        let tree = try SyntaxTree.parse(SourceFile(name: "test.star", text: source))
        return tree.statements.map(text).joined(separator: "\n")
    }

    static func ofExpression(_ source: String) throws -> String {
        let tree = try SyntaxTree.parseExpression(SourceFile(name: "test.star", text: source))
        return tree.statements.map(text).joined(separator: "\n")
    }

    static func text(_ statement: SyntaxTree.Statement) -> String {
        switch statement.kind {
        case .expression(let expression): return text(expression)
        case .assignment(let target, let value): return "(= \(text(target)) \(text(value)))"
        case .augmentedAssignment(let target, let operation, let value):
            return "(\(operation.spelling)= \(text(target)) \(text(value)))"
        case .def(let function):
            let parameters = function.parameters.map(text).joined(separator: " ")
            return "(def \(function.name) (\(parameters)) \(text(function.body)))"
        case .return(let value): return "(return\(value.map { " " + text($0) } ?? ""))"
        case .if(let condition, let body, let other):
            let name = statement.isElif ? "elif" : "if"
            let rest = other.map { " " + text($0) } ?? ""
            return "(\(name) \(text(condition)) \(text(body))\(rest))"
        case .for(let variables, let sequence, let body):
            return "(for \(text(variables)) \(text(sequence)) \(text(body)))"
        case .while(let condition, let body): return "(while \(text(condition)) \(text(body)))"
        case .break: return "break"
        case .continue: return "continue"
        case .pass: return "pass"
        case .load(let module, let bindings):
            let names = bindings.map { "\($0.localName)=\($0.originalName)" }
            return "(load \(text(module)) \(names.joined(separator: " ")))"
        }
    }

    static func text(_ statements: [SyntaxTree.Statement]) -> String {
        "{" + statements.map(text).joined(separator: "; ") + "}"
    }

    static func text(_ parameter: SyntaxTree.Parameter) -> String {
        let prefix =
            switch parameter.kind {
            case .plain: ""
            case .keywordOnly: "only:"
            case .star: "*"
            case .starStar: "**"
            }
        return prefix + parameter.name + (parameter.defaultValue.map { "=" + text($0) } ?? "")
    }

    static func text(_ expression: SyntaxTree.Expression) -> String {
        switch expression.kind {
        case .name(let name): return name
        case .int(let value): return "\(value)"
        case .bigInt(let text): return "big:" + text
        case .float(let value): return "float:\(value)"
        case .string(let value): return value.debugDescription
        case .bytes(let bytes): return "b" + bytes.description
        case .list(let elements): return list("list", elements)
        case .tuple(let elements): return list("tuple", elements)
        case .dict(let entries):
            return "(dict" + entries.map { " " + text($0) }.joined() + ")"
        case .parenthesized(let inner): return "[\(text(inner))]"
        case .unary(let operation, let operand): return "(\(operation.spelling) \(text(operand)))"
        case .binary(let operation, let left, let right):
            return "(\(operation.spelling) \(text(left)) \(text(right)))"
        case .conditional(let value, let condition, let other):
            return "(? \(text(condition)) \(text(value)) \(text(other)))"
        case .call(let callee, let arguments):
            return "(call \(text(callee))" + arguments.map { " " + text($0) }.joined() + ")"
        case .attribute(let base, let name, _): return "(. \(text(base)) \(name))"
        case .index(let base, let index): return "(at \(text(base)) \(text(index)))"
        case .slice(let base, let low, let high, let step):
            let bounds = [low, high, step].map { $0.map(text) ?? "_" }
            return "(slice \(text(base)) \(bounds.joined(separator: " ")))"
        case .lambda(let parameters, let body):
            let names = parameters.map(text).joined(separator: " ")
            return "(lambda (\(names)) \(text(body)))"
        case .listComprehension(let element, let clauses):
            return "(list \(text(element))" + clauses.map { " " + text($0) }.joined() + ")"
        case .dictComprehension(let entry, let clauses):
            return "(dict \(text(entry))" + clauses.map { " " + text($0) }.joined() + ")"
        }
    }

    private static func list(_ name: String, _ elements: [SyntaxTree.Expression]) -> String {
        "(\(name)" + elements.map { " " + text($0) }.joined() + ")"
    }

    private static func text(_ entry: SyntaxTree.DictEntry) -> String {
        "\(text(entry.key)):\(text(entry.value))"
    }

    private static func text(_ clause: SyntaxTree.Clause) -> String {
        switch clause {
        case .for(let variables, let sequence): "for \(text(variables)) in \(text(sequence))"
        case .if(let condition): "if \(text(condition))"
        }
    }

    private static func text(_ argument: SyntaxTree.Argument) -> String {
        switch argument.kind {
        case .positional: text(argument.value)
        case .named(let name): "\(name)=\(text(argument.value))"
        case .star: "*\(text(argument.value))"
        case .starStar: "**\(text(argument.value))"
        }
    }
}
