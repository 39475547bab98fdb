import BrambleModel
import Starlark

/// The arguments of a call of `derivation`.
///
/// Projects make tens of thousands of derivations, and converting arguments by their types, which
/// are generic, costs more than all else that is done for one. So calls with nothing but plain
/// arguments are read directly; all others, and with them everything that is wrong, take the way
/// of `CallContext.unpack`.
struct DerivationArguments {
    var name = ""
    var builder = ""
    var args: [String] = []
    var sources: SourceSet?
    var env: TextMap = [:]
    var outputs: [String]?
    var links: TextMap = [:]
    var target: String?

    init(_ call: borrowing CallContext) throws {
        if let plain = DerivationArguments(plain: call) {
            self = plain
            return
        }
        let (name, builder, args, sources, env, outputs, links, target) = try call.unpack(
            .required("name", String.self),
            .required("builder", BuildText.self),
            .defaulted("args", [BuildText]()),
            .optional("sources", FilesValue.self),
            .defaulted("env", OrderedPairs<String, BuildText>()),
            .optional("outputs", [String].self),
            .defaulted("links", OrderedPairs<String, BuildText>()),
            .optional("target", String.self))
        self.name = name
        self.builder = builder.text
        self.args = args.map(\.text)
        self.sources = sources?.sources
        self.env = TextMap(env)
        self.outputs = outputs
        self.links = TextMap(links)
        self.target = target
    }

    // MARK: Plain calls

    /// The parameters in the order of positional arguments.
    private static let parameters = [
        "name", "builder", "args", "sources", "env", "outputs", "links", "target",
    ]

    /// Nil if the call is not plain, or wrong.
    private init?(plain call: borrowing CallContext) {
        guard call.positionalCount <= DerivationArguments.parameters.count else { return nil }
        // Which parameters have an argument, as bits.
        var given = 0
        for position in 0..<call.positionalCount {
            guard set(position, to: call[position]) else { return nil }
            given |= 1 << position
        }
        for (name, value) in call.keywords.elements {
            guard let parameter = DerivationArguments.parameters.firstIndex(of: name),
                given & 1 << parameter == 0, set(parameter, to: value)
            else { return nil }
            given |= 1 << parameter
        }
        guard given & 0b11 == 0b11 else { return nil }
    }

    /// Takes an argument if it is plain.
    private mutating func set(_ parameter: Int, to value: StarlarkValue) -> Bool {
        switch parameter {
        case 0: return DerivationArguments.set(&name, to: value.validText)
        case 1: return DerivationArguments.set(&builder, to: DerivationArguments.text(value))
        case 2: return DerivationArguments.set(&args, to: DerivationArguments.texts(value))
        case 3:
            // Sources that are given are rare enough.
            guard let files = try? value.as(FilesValue.self) else { return false }
            sources = files.sources
            return true
        case 4: return DerivationArguments.set(&env, to: DerivationArguments.map(value))
        case 5:
            outputs = DerivationArguments.texts(value)
            return outputs != nil
        case 6: return DerivationArguments.set(&links, to: DerivationArguments.map(value))
        default:
            target = value.validText
            return target != nil
        }
    }

    private static func set<Plain>(_ place: inout Plain, to value: Plain?) -> Bool {
        guard let value else { return false }
        place = value
        return true
    }

    private static func text(_ value: StarlarkValue) -> String? {
        if let text = value.validText { return text }
        guard value.kind == .host, let derivation = try? value.as(DerivationValue.self) else {
            return nil
        }
        return derivation.reference
    }

    private static func texts(_ value: StarlarkValue) -> [String]? {
        guard value.kind == .list else { return nil }
        if let texts = value.validTexts { return texts }
        guard let elements = try? value.elements() else { return nil }
        var texts: [String] = []
        texts.reserveCapacity(elements.underestimatedCount)
        for element in elements {
            guard let text = text(element) else { return nil }
            texts.append(text)
        }
        return texts
    }

    private static func map(_ value: StarlarkValue) -> TextMap? {
        if let entries = value.validTextEntries {
            return TextMap(entries.map { TextMap.Entry(name: $0.key, value: $0.value) })
        }
        guard let entries = value.entries else { return nil }
        var texts: [TextMap.Entry] = []
        texts.reserveCapacity(entries.count)
        for entry in entries {
            guard let name = entry.key.validText, let text = text(entry.value) else { return nil }
            texts.append(TextMap.Entry(name: name, value: text))
        }
        return TextMap(texts)
    }
}

extension TextMap {
    init(_ pairs: OrderedPairs<String, BuildText>) {
        self.init(pairs.elements.map { Entry(name: $0.key, value: $0.value.text) })
    }
}
