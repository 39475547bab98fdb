package import SourceDiagnostics
import Starlark

/// What a module offers, from its text alone: nothing is run.
package struct ModuleListing: Sendable {
    /// A function that the module defines, by `def` or as the name of a `lambda`.
    package struct Function: Sendable {
        package let name: String
        /// As in the file: `library(name, deps = [], *, **options)`.
        package let signature: String
        /// The string that the body begins with.
        package let documentation: String?
        /// Whether it can be called without arguments.
        package let isTarget: Bool
        /// The function's name where it is defined.
        package let span: SourceSpan
    }

    package let module: ModuleName
    package let file: SourceFile
    /// The string that the file begins with.
    package let documentation: String?
    /// Those whose names do not begin with `_`, in the order of the file.
    package let functions: [Function]

    /// The functions that can be called without arguments.
    package var targets: [Function] { functions.filter(\.isTarget) }

    package subscript(name: String) -> Function? { functions.first { $0.name == name } }
}

extension ModuleListing {
    init(_ module: ModuleName, _ tree: SyntaxTree) {
        self.module = module
        file = tree.file
        documentation = tree.documentation
        functions = tree.statements.compactMap { Function($0, tree.file) }
            .filter { !$0.name.hasPrefix("_") }
    }
}

extension ModuleListing.Function {
    /// Nil if the statement defines no function.
    init?(_ statement: SyntaxTree.Statement, _ file: SourceFile) {
        switch statement.kind {
        case .def(let function):
            self.init(
                function.name, function.parameters, documentation: function.documentation,
                file, at: function.nameSpan)
        case .assignment(let target, let value):
            guard case .name(let name) = target.kind,
                case .lambda(let parameters, _) = value.kind
            else { return nil }
            self.init(name, parameters, documentation: nil, file, at: target.span)
        default:
            return nil
        }
    }

    private init(
        _ name: String, _ parameters: [SyntaxTree.Parameter], documentation: String?,
        _ file: SourceFile, at span: SourceSpan
    ) {
        self.name = name
        self.documentation = documentation
        self.span = span
        let texts = parameters.map { parameter in
            file.text(of: parameter.span).split(whereSeparator: \.isNewline)
                .map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
        }
        signature = "\(name)(\(texts.joined(separator: ", ")))"
        isTarget = parameters.allSatisfy { parameter in
            switch parameter.kind {
            case .plain, .keywordOnly: parameter.defaultValue != nil
            case .star, .starStar: true
            }
        }
    }
}
