extension GraphReader {
    /// One derivation, as far as it can be made out.
    ///
    /// - Returns: nil if it is not even an object.
    mutating func readContent() throws(Fault) -> GraphNode.Content? {
        guard try isNext(.object) else { return nil }
        let (kept, count) = (faults.faults.count, faults.count)
        let (fields, known) = try readFields()
        if faults.count == count, let derivation = Derivation(fields, at: path, &faults) {
            return .valid(derivation)
        }
        var check = DerivationCheck(fields)
        _ = check.run()
        let places = Set(faults.faults[kept...].map(\.path))
        let isBuilderKnown =
            known.contains("builder") && !places.contains(path.appending("builder"))
        for fault in check.faults {
            // What is noted at a place explains what else is found there.
            if places.contains(fault.under(path).path) { continue }
            // The one fault without a path of its own is that there is no platform.
            let isOfBuilder = fault.path.components.first.map { $0 == .key("builder") } ?? true
            if isOfBuilder && !isBuilderKnown { continue }
            if fault.path.components.isEmpty && known.contains("platform") { continue }
            faults.add(fault, at: path)
        }
        let outputs = path.appending("outputs").components
        let hasOutputs = !places.contains { $0.components.starts(with: outputs) }
        return .faulty(fields, references: check.sortedReferences, hasOutputs: hasOutputs)
    }

    /// The fields of an object, and which it has. What is wrong with a field is noted; it is then
    /// as if the field were not there, or an element of it empty.
    private mutating func readFields() throws(Fault) -> (Derivation.Fields, FieldSet) {
        var known = FieldSet(derivationFields)
        var fields = Derivation.Fields(name: DerivationName(valid: "?"), builder: "")
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            switch try take(key, of: &known) {
            case 0: fields.args = try readTexts()
            case 1: fields.builder = try readText() ?? ""
            case 2: fields.env = try readMap()
            case 3: fields.links = try readMap()
            case 4:
                let name = try readText { text throws(Fault) in try DerivationName(text) }
                if let name { fields.name = name }
            case 5: fields.outputs = try readOutputs()
            case 6: fields.platform = try readText { text throws(Fault) in try Platform(text) }
            case 7: fields.sources = try readSources()
            case 8: fields.target = try readText { text throws(Fault) in try Platform(text) }
            default: try scanner.skipValue()
            }
            path.components.removeLast()
        }
        require("name", of: known, hint: "name the derivation, as in `\"name\":\"hello-2.12\"`")
        require("builder", of: known, hint: "say what to run, or a built-in builder")
        if let target = fields.target, target == fields.platform {
            path.components.append(.key("target"))
            addRedundant("leave it out where it is the platform")
            path.components.removeLast()
        }
        return (fields, known)
    }

    private mutating func readTexts() throws(Fault) -> [String] {
        guard try isNext(.array) else { return [] }
        var texts: [String] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
            path.components.append(.index(texts.count))
            texts.append(try readText() ?? "")
            path.components.removeLast()
        }
        if texts.isEmpty { addRedundant("leave out the empty list") }
        return texts
    }

    private mutating func readMap() throws(Fault) -> TextMap {
        guard try isNext(.object) else { return [:] }
        var entries: [TextMap.Entry] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            entries.append(TextMap.Entry(name: key, value: try readText() ?? ""))
            path.components.removeLast()
        }
        if entries.isEmpty { addRedundant("leave out the empty object") }
        let map = TextMap(entries)
        if map.count != entries.count { addDuplicates(entries) }
        return map
    }

    private mutating func addDuplicates(_ entries: [TextMap.Entry]) {
        let sorted = entries.map(\.name).sorted { $0.precedesByBytes($1) }
        for (name, next) in zip(sorted, sorted.dropFirst()) where name.hasSameBytes(as: next) {
            faults.add(duplicate(next), at: path.appending(next))
        }
    }

    private mutating func readOutputs() throws(Fault) -> [OutputName] {
        guard try isNext(.array) else { return [] }
        var outputs: [OutputName] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
            path.components.append(.index(outputs.count))
            let output = try readText { text throws(Fault) in try OutputName(text) }
            outputs.append(output ?? .unreadable)
            path.components.removeLast()
        }
        if outputs == [.standard] { addRedundant("leave out the list `[\"out\"]`") }
        return outputs
    }

    private mutating func readSources() throws(Fault) -> SourceSet? {
        guard try isNext(.object) else { return nil }
        var known = FieldSet(sourceFields)
        var base: RelativePath?
        var package: PackageName?
        var paths: [RelativePath] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            switch try take(key, of: &known) {
            case 0: base = try readText { text throws(Fault) in try RelativePath(text) }
            case 1: package = try readText { text throws(Fault) in try PackageName(text) }
            case 2:
                let count = faults.count
                paths = try readList { text throws(Fault) in try RelativePath(text) }
                if paths.isEmpty && faults.count == count {
                    addRedundant("leave out sources that are empty")
                }
            default: try scanner.skipValue()
            }
            path.components.removeLast()
        }
        require("paths", of: known, hint: "list the files, or leave out `sources`")
        return SourceSet(package: package, base: base, paths: paths)
    }

    /// A list of texts that must be sorted, each once.
    mutating func readList<Element: TextRepresentable & Comparable>(
        _ parse: (String) throws(Fault) -> Element
    ) throws(Fault) -> [Element] {
        guard try isNext(.array) else { return [] }
        var list: [Element] = []
        var count = 0
        try scanner.beginArray()
        while try scanner.nextElement() {
            path.components.append(.index(count))
            let offset = scanner.offset
            if let element = try readText(parse) {
                if let last = list.last, !(last < element) {
                    addDisorder(element, after: last, offset)
                }
                list.append(element)
            }
            path.components.removeLast()
            count += 1
        }
        return list
    }

    private mutating func addDisorder<Element: TextRepresentable & Comparable>(
        _ element: Element, after last: Element, _ offset: Int
    ) {
        let isSame = element == last
        let text = quoted(element.description)
        var fault = Fault(
            isSame ? .duplicate : .unsorted,
            isSame ? "\(text) is listed twice" : "\(text) is not in order",
            hint: "sort the list by the bytes of its texts, each once")
        fault.offset = offset
        faults.add(fault, at: path)
    }
}

private let derivationFields = [
    "args", "builder", "env", "links", "name", "outputs", "platform", "sources", "target",
]
private let sourceFields = ["base", "package", "paths"]
