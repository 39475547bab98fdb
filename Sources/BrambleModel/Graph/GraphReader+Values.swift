extension GraphReader {
    /// The fields of one derivation; nil if so much is missing or wrong that there is no more to
    /// check. What is wrong with a field is noted, and the field left out.
    mutating func readFields() throws(Fault) -> Derivation.Fields? {
        guard try isNext(.object) else { return nil }
        var known = FieldSet([
            "args", "builder", "env", "links", "name", "outputs", "platform", "sources", "target",
        ])
        let count = faults.count
        var name: DerivationName?
        var fields = Derivation.Fields(name: DerivationName(valid: "-"), builder: "")
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            switch try take(key, of: &known) {
            case 0: fields.args = try readTexts()
            case 1: fields.builder = try readText() ?? ""
            case 2: fields.env = try readMap()
            case 3: fields.links = try readMap()
            case 4: name = try readText { text throws(Fault) in try DerivationName(text) }
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
        // Further checks would only repeat what is known to be wrong.
        guard let name, faults.count == count else { return nil }
        fields.name = name
        return fields
    }

    private mutating func readTexts() throws(Fault) -> [String] {
        guard try isNext(.array) else { return [] }
        var texts: [String] = []
        var count = 0
        try scanner.beginArray()
        while try scanner.nextElement() {
            path.components.append(.index(count))
            if let text = try readText() { texts.append(text) }
            path.components.removeLast()
            count += 1
        }
        if count == 0 { addRedundant("leave out the empty list") }
        return texts
    }

    private mutating func readMap() throws(Fault) -> TextMap {
        guard try isNext(.object) else { return [:] }
        var entries: [TextMap.Entry] = []
        var count = 0
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            if let value = try readText() { entries.append(TextMap.Entry(name: key, value: value)) }
            path.components.removeLast()
            count += 1
        }
        if count == 0 { addRedundant("leave out the empty object") }
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
        var count = 0
        try scanner.beginArray()
        while try scanner.nextElement() {
            path.components.append(.index(count))
            let output = try readText { text throws(Fault) in try OutputName(text) }
            if let output { outputs.append(output) }
            path.components.removeLast()
            count += 1
        }
        if outputs == [.standard] && count == 1 { addRedundant("leave out the list `[\"out\"]`") }
        return outputs
    }

    private mutating func readSources() throws(Fault) -> SourceSet? {
        guard try isNext(.object) else { return nil }
        var known = FieldSet(["base", "paths"])
        var base: RelativePath?
        var paths: [RelativePath] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            switch try take(key, of: &known) {
            case 0: base = try readText { text throws(Fault) in try RelativePath(text) }
            case 1:
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
        return SourceSet(base: base, paths: paths)
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
