/// Finds all that is wrong with a derivation by itself, and the references in it.
struct DerivationCheck {
    let fields: Derivation.Fields
    var faults: [Fault] = []
    var references: [Reference] = []

    init(_ fields: Derivation.Fields) {
        self.fields = fields
    }

    /// - Parameter texts: The texts that programs get, in the JSON that is hashed, if there is that
    ///   already. To look through it at once takes half as long as to look at each text.
    /// - Returns: What the derivation is, or nil if there are faults.
    mutating func run(texts: UnsafeRawBufferPointer? = nil) -> Derivation.Kind? {
        checkOutputs()
        if !(texts.map { takeReferences(in: $0) } ?? false) { checkTexts() }
        checkVariables()
        checkLinks()
        let kind = checkBuilder()
        return faults.isEmpty ? kind : nil
    }

    /// What the derivation refers to, sorted, each once.
    var sortedReferences: [Reference] {
        guard references.count > 1 else { return references }
        var result: [Reference] = []
        result.reserveCapacity(references.count)
        for reference in references.sorted() where result.last != reference {
            result.append(reference)
        }
        return result
    }

    /// Notes a reference. Most come several times, and what a derivation refers to is little.
    mutating func add(_ reference: Reference) {
        guard references.count > 16 || !references.contains(reference) else { return }
        references.append(reference)
    }

    mutating func add(_ fault: Fault, _ components: JSONPath.Component...) {
        faults.append(fault.under(JSONPath(components)))
    }

    private mutating func checkOutputs() {
        if fields.outputs.isEmpty {
            add(
                Fault(
                    .invalidText, "the list of outputs is empty",
                    hint: "leave it out for the one output `out`"), .key("outputs"))
        }
        guard fields.outputs.count <= Derivation.maximumOutputs else {
            add(
                Fault(
                    .limit, "there are \(fields.outputs.count) outputs",
                    hint: "use at most \(Derivation.maximumOutputs)"), .key("outputs"))
            return
        }
        for (index, output) in fields.outputs.enumerated()
        where output != .unreadable && fields.outputs[..<index].contains(output) {
            add(
                Fault(
                    .duplicate, "the output `\(output)` is listed twice",
                    hint: "list each output once"), .key("outputs"), .index(index))
        }
    }

    /// Takes the references in the texts.
    ///
    /// - Returns: Whether nothing in them needs a closer look.
    private mutating func takeReferences(in json: UnsafeRawBufferPointer) -> Bool {
        // Names of variables are among the texts, and refer to nothing.
        let brace = UInt8(ascii: "{")
        guard !fields.env.entries.contains(where: { $0.name.hasByte(brace, or: brace) }) else {
            return false
        }
        // What is wrong is said where its text is looked at, which finds the same references again.
        return (try? Reference.scan(json: json) { add($0.reference) }) ?? false
    }

    private mutating func checkTexts() {
        check(fields.builder, at: [.key("builder")])
        for (index, argument) in fields.args.enumerated() {
            check(argument, at: [.key("args"), .index(index)])
        }
        for entry in fields.env.entries {
            check(entry.value, at: [.key("env"), .key(entry.name)])
        }
    }

    private mutating func checkVariables() {
        for entry in fields.env.entries { checkVariable(entry.name) }
        for output in fields.outputs
        where output != .unreadable && fields.env[output.description] != nil {
            let name = output.description
            add(
                Fault(
                    .conflict, "the variable \(quoted(name)) has the name of an output",
                    hint: "rename one; the build gets the path of each output in a variable "
                        + "of the output's name"),
                .key("env"), .key(name))
        }
    }

    /// A text that a program gets: NUL can't be passed, and references must be right.
    private mutating func check(
        _ text: String, at path: @autoclosure () -> [JSONPath.Component]
    ) {
        guard text.hasByte(0, or: UInt8(ascii: "{")) else { return }
        if text.hasByte(0, or: 0) {
            faults.append(
                Fault(
                    .invalidText, "the text has a NUL character",
                    hint: "leave it out; no program can be given one (man 2 execve)"
                ).under(JSONPath(path())))
        }
        do throws(Fault) {
            try Reference.scan(text) { add($0.reference) }
        } catch {
            faults.append(error.under(JSONPath(path())))
        }
    }

    private mutating func checkVariable(_ name: String) {
        if name.isEmpty || name.hasByte(0, or: UInt8(ascii: "=")) {
            add(
                Fault(
                    .invalidText, "\(quoted(name)) is not a name of an environment variable",
                    hint: "use a name that is not empty and has no `=` and no NUL in it"),
                .key("env"), .key(name))
        }
        if name.utf8.starts(with: "BRAMBLE_".utf8) {
            add(
                Fault(
                    .conflict, "the variable \(quoted(name)) is Bramble's own",
                    hint: "use a name that does not begin with `BRAMBLE_`"),
                .key("env"), .key(name))
        }
    }

    private mutating func checkBuilder() -> Derivation.Kind? {
        switch Derivation.BuiltinBuilder(rawValue: fields.builder) {
        case .fetchURL:
            checkIsFetch(["executable", "hash", "strip_components", "unpack", "url"])
            return fetchURL().map { .fetchURL($0) }
        case .fetchGit:
            checkIsFetch(["reference", "url"])
            return fetchGit().map { .fetchGit($0) }
        case .derivationOutput:
            checkNeedsPlatform()
            if fields.args.first?.isEmpty ?? true {
                add(
                    Fault(
                        .missingField, "`derivation_output` is not told what to run",
                        hint: "give the program as the first argument, then its own arguments"),
                    .key("args"))
            } else {
                checkProgram(fields.args[0], .key("args"), .index(0))
            }
            return .derivationOutput
        case nil:
            checkNeedsPlatform()
            checkProgram(fields.builder, .key("builder"))
            return .run
        }
    }

    private mutating func checkNeedsPlatform() {
        guard fields.platform == nil else { return }
        add(
            Fault(
                .missingField, "the field `platform` is missing",
                hint: "say where it is built, as in `linux-x86_64`"))
    }

    private mutating func checkProgram(_ text: String, _ components: JSONPath.Component...) {
        if text.hasByte(UInt8(ascii: "/"), or: UInt8(ascii: "/")) { return }
        // What is almost a reference is reported where texts are checked.
        if (try? Reference.scan(text))?.isEmpty == false { return }
        let names = Derivation.BuiltinBuilder.allCases.map { "`\($0.rawValue)`" }
        faults.append(
            Fault(
                .invalidText, "\(quoted(text)) is neither a path nor a built-in builder",
                hint: "write a reference to an output and a path in it, or an absolute path that "
                    + "`links` makes; built in are \(names.joined(separator: ", "))"
            ).under(JSONPath(components)))
    }
}
