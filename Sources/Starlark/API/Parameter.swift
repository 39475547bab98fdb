/// A parameter of a host function, with the type that its argument is converted to.
///
/// Parameters are written as `.required("name", String.self)`, `.optional("name", String.self)`,
/// `.defaulted("times", 1)`, `.variadic("rest", Int.self)`, `.keywords("options", Int.self)`. They
/// stand in the order of positional arguments; what follows `.variadic` is given by keyword only.
public struct Parameter<Argument>: Sendable {
    let entry: Signature.Entry
    /// The argument from the parameter at the given position of the signature.
    let read:
        @Sendable (borrowing CallContext, borrowing Signature.Arguments, Int) throws -> Argument

    /// How the argument may be given.
    public enum Passing: Sendable, Hashable {
        case positionOrKeyword
        case positionOnly
        case keywordOnly
    }
}

extension Parameter where Argument: StarlarkConvertible {
    /// A parameter without which the function can't be called.
    public static func required(
        _ name: String, _ type: Argument.Type = Argument.self,
        passing: Passing = .positionOrKeyword
    ) -> Parameter {
        Parameter(
            entry: .init(name: name, kind: .required, passing: .init(passing)),
            read: { call, arguments, index in
                try call.convert(arguments[index], for: name)
            })
    }

    /// A parameter with a default value.
    public static func defaulted(
        _ name: String, _ value: Argument, passing: Passing = .positionOrKeyword
    ) -> Parameter where Argument: Sendable {
        Parameter(
            entry: .init(name: name, kind: .optional, passing: .init(passing)),
            read: { call, arguments, index in
                let argument = arguments[index]
                return argument.isUnbound ? value : try call.convert(argument, for: name)
            })
    }
}

extension Parameter {
    /// A parameter that is nil if its argument is not given, or is `None`.
    public static func optional<Wrapped: StarlarkConvertible>(
        _ name: String, _ type: Wrapped.Type = Wrapped.self,
        passing: Passing = .positionOrKeyword
    ) -> Parameter where Argument == Wrapped? {
        Parameter(
            entry: .init(name: name, kind: .optional, passing: .init(passing)),
            read: { call, arguments, index in
                let argument = arguments[index]
                return argument.isUnbound ? nil : try call.convert(argument, for: name)
            })
    }

    /// The positional arguments that are left: `*args`.
    public static func variadic<Element: StarlarkConvertible>(
        _ name: String, _ type: Element.Type = Element.self
    ) -> Parameter where Argument == [Element] {
        Parameter(
            entry: .init(name: name, kind: .variadic, passing: .keywordOnly),
            read: { call, arguments, _ in
                var elements: [Element] = []
                for position in arguments.rest {
                    elements.append(
                        try call.convert(call.call[position], for: "\(position + 1)"))
                }
                return elements
            })
    }

    /// The keyword arguments that are left, in order: `**kwargs`.
    public static func keywords<Element: StarlarkConvertible>(
        _ name: String, _ type: Element.Type = Element.self
    ) -> Parameter where Argument == OrderedPairs<String, Element> {
        Parameter(
            entry: .init(name: name, kind: .keywords, passing: .keywordOnly),
            read: { call, arguments, _ in
                var pairs = OrderedPairs<String, Element>()
                for number in arguments.extraKeywords {
                    let key = StringObject(call.call.keywordNames[number]).text
                    let value = call.call[call.call.positionalCount + number]
                    pairs.elements.append((key, try call.convert(value, for: key)))
                }
                return pairs
            })
    }
}
