import SourceDiagnostics

/// The parameters of a host function, and how arguments are assigned to them.
struct Signature: Sendable {
    struct Entry: Sendable {
        enum Kind: Sendable { case required, optional, variadic, keywords }
        enum Passing: Sendable { case positionOrKeyword, positionOnly, keywordOnly }

        let name: String
        let kind: Kind
        var passing: Passing
    }

    let name: String
    private(set) var entries: [Entry] = []
    /// How many parameters take positional arguments; they come first.
    private var positionalCount = 0
    private var isVariadic = false
    private var takesKeywords = false
    /// Whether every parameter is a plain one that takes positional arguments.
    private var isSimple = true
    private var requiredCount = 0

    init<each Argument>(_ name: String, _ parameters: repeat Parameter<each Argument>) {
        self.name = name
        for parameter in repeat each parameters { add(parameter.entry) }
    }

    private mutating func add(_ entry: Entry) {
        var entry = entry
        precondition(
            !entries.contains { $0.name == entry.name },
            "\(name) has two parameters named `\(entry.name)`")
        switch entry.kind {
        case .variadic:
            precondition(!isVariadic, "\(name) has two variadic parameters")
            isVariadic = true
        case .keywords:
            precondition(!takesKeywords, "\(name) has two parameters for keywords")
            takesKeywords = true
        case .required, .optional:
            if isVariadic { entry.passing = .keywordOnly }
            guard entry.passing != .keywordOnly else { break }
            precondition(
                positionalCount == entries.count,
                "\(name): `\(entry.name)` must stand before "
                    + "parameters that are given by keyword only")
            positionalCount += 1
            if entry.kind == .required { requiredCount = positionalCount }
        }
        entries.append(entry)
        isSimple = positionalCount == entries.count
    }

    /// The arguments of one call by parameter.
    struct Arguments: ~Copyable {
        /// Where the arguments stand that were given by position.
        fileprivate let start: UnsafeMutablePointer<Value>
        fileprivate let positionalCount: Int
        /// By parameter, unbound where none was given; empty if all were given by position.
        fileprivate var slots: [Value] = []
        /// The positions of arguments that no other parameter takes.
        fileprivate(set) var rest: Range<Int> = 0..<0
        /// The numbers of keyword arguments that no parameter is named after.
        fileprivate(set) var extraKeywords: [Int] = []

        subscript(index: Int) -> Value {
            if !slots.isEmpty { return slots[index] }
            return index < positionalCount ? start[index] : .unbound
        }
    }

    func bind(_ call: borrowing Call) throws(Failure) -> Arguments {
        let count = call.positionalCount
        var arguments = Arguments(start: call.arguments, positionalCount: count)
        if isSimple, call.keywordCount == 0, requiredCount...positionalCount ~= count {
            return arguments
        }
        if count > positionalCount {
            guard isVariadic else { throw tooMany(call) }
            arguments.rest = positionalCount..<count
        }
        arguments.slots = Array(repeating: .unbound, count: entries.count)
        for index in 0..<min(count, positionalCount) { arguments.slots[index] = call[index] }
        for number in 0..<call.keywordCount { try bind(keyword: number, of: call, to: &arguments) }
        let missing = entries.indices.filter {
            entries[$0].kind == .required && arguments.slots[$0].isUnbound
        }
        if !missing.isEmpty {
            let names = missing.map { entries[$0].name }.joined(separator: ", ")
            let plural = missing.count == 1 ? "" : "s"
            throw Failure("\(name): missing argument\(plural) for \(names)")
        }
        return arguments
    }

    private func bind(
        keyword number: Int, of call: borrowing Call, to arguments: inout Arguments
    ) throws(Failure) {
        let keyword = StringObject(call.keywordNames[number]).text
        let index = entries.firstIndex {
            $0.name == keyword && $0.passing != .positionOnly && $0.kind != .variadic
                && $0.kind != .keywords
        }
        guard let index else {
            if takesKeywords { return arguments.extraKeywords.append(number) }
            throw unexpected(keyword)
        }
        guard arguments.slots[index].isUnbound else {
            throw Failure("\(name): got multiple values for parameter \(keyword)")
        }
        arguments.slots[index] = call[call.positionalCount + number]
    }

    private func unexpected(_ keyword: String) -> Failure {
        let named = entries.filter { $0.kind == .required || $0.kind == .optional }
        if named.contains(where: { $0.name == keyword }) {
            return Failure("\(name): parameter \(keyword) can't be given by keyword")
        }
        let known = named.filter { $0.passing != .positionOnly }.map(\.name)
        return Failure(
            "\(name): unexpected keyword argument \(keyword)",
            didYouMean: closestMatch(to: keyword, among: known))
    }

    private func tooMany(_ call: borrowing Call) -> Failure {
        let hasOptional = requiredCount < positionalCount
        let wanted = "\(hasOptional ? "at most " : "")\(positionalCount)"
        return Failure(
            "\(name): got \(call.positionalCount) positional arguments, want \(wanted)",
            hint: entries.count > positionalCount && !takesKeywords
                ? "the other parameters take keyword arguments" : nil)
    }
}

extension Signature.Entry.Passing {
    init<Argument>(_ passing: Parameter<Argument>.Passing) {
        switch passing {
        case .positionOrKeyword: self = .positionOrKeyword
        case .positionOnly: self = .positionOnly
        case .keywordOnly: self = .keywordOnly
        }
    }
}
