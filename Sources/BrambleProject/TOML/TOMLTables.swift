import SourceDiagnostics

/// The tables of a document while it is read: nodes by number, the document itself is 0.
///
/// TOML's rule is that a table is defined once. A header defines its table; a dotted key defines the
/// tables it passes, until the section ends; an inline table is complete when it closes. What only
/// exists because something is in it may still be defined.
struct TOMLTables {
    enum Slot {
        case value(TOMLValue)
        case table(Int)
        /// `[[key]]`: the numbers of the tables.
        case tables([Int])
    }

    struct Entry {
        var key: TOMLKey
        var slot: Slot
        var statement: SourceSpan?
    }

    struct Node {
        var entries: [Entry] = []
        var indices: [String.UTF8Key: Int] = [:]
        var span: SourceSpan
        var style: TOMLTable.Style = .section
        /// A header stands for it.
        var isDefined = false
        /// The section whose dotted keys defined it.
        var dottedSection: Int?
    }

    var nodes: [Node] = []

    mutating func makeTable(_ span: SourceSpan, style: TOMLTable.Style = .section) -> Int {
        nodes.append(Node(span: span, style: style))
        return nodes.count - 1
    }

    func entry(_ key: TOMLKey, in table: Int) -> Entry? {
        nodes[table].indices[String.UTF8Key(key.text)].map { nodes[table].entries[$0] }
    }

    mutating func add(_ entry: Entry, to table: Int) {
        nodes[table].indices[String.UTF8Key(entry.key.text)] = nodes[table].entries.count
        nodes[table].entries.append(entry)
    }

    mutating func append(table: Int, toTables key: TOMLKey, in parent: Int) {
        guard let index = nodes[parent].indices[String.UTF8Key(key.text)],
            case .tables(let tables) = nodes[parent].entries[index].slot
        else { preconditionFailure("an element for what is no array of tables") }
        nodes[parent].entries[index].slot = .tables(tables + [table])
    }

    /// The tables as values. Depth is bounded by that of keys and values, which the parser limits.
    func freeze(_ table: Int) -> TOMLTable {
        let node = nodes[table]
        let entries = node.entries.map { entry in
            TOMLEntry(
                key: entry.key.text, keySpan: entry.key.span, value: value(entry.slot),
                statement: entry.statement)
        }
        return TOMLTable(entries: entries, style: node.style)
    }

    private func value(_ slot: Slot) -> TOMLValue {
        switch slot {
        case .value(let value): value
        case .table(let table):
            TOMLValue(content: .table(freeze(table)), span: nodes[table].span)
        case .tables(let tables):
            TOMLValue(
                content: .array(tables.map { value(.table($0)) }),
                span: tables.first.map { nodes[$0].span } ?? SourceSpan(start: 0, end: 0))
        }
    }
}

/// One component of a key.
struct TOMLKey {
    var text: String
    var span: SourceSpan
}

extension String {
    /// A text compared by its bytes: canonically equivalent keys are two keys.
    struct UTF8Key: Hashable {
        let text: String

        init(_ text: String) {
            self.text = text
        }

        static func == (left: UTF8Key, right: UTF8Key) -> Bool {
            left.text.utf8.elementsEqual(right.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
