/// A derivation under the hash that its graph gives it, before it is known whether that is right.
struct GraphNode {
    enum Content {
        case valid(Derivation)
        /// A derivation that has faults by itself; what could be made out of it is checked all the
        /// same, to find as many faults at once as there are.
        indirect case faulty(Derivation.Fields, references: [Reference], hasOutputs: Bool)
    }

    let key: DerivationHash
    let content: Content
    /// Where its object begins in the text.
    let offset: Int

    var fields: Derivation.Fields {
        switch content {
        case .valid(let derivation): derivation.fields
        case .faulty(let fields, _, _): fields
        }
    }

    var references: [Reference] {
        switch content {
        case .valid(let derivation): derivation.references
        case .faulty(_, let references, _): references
        }
    }

    /// Whether the derivation is known not to have an output.
    func lacks(_ output: OutputName) -> Bool {
        switch content {
        case .valid(let derivation): !derivation.hasOutput(output)
        case .faulty(let fields, _, let hasOutputs):
            hasOutputs && !fields.outputs.contains(output)
        }
    }
}
