import SourceDiagnostics

extension SyntaxTree {
    /// What is wrong with the tree's structure, or nil: spans nest and follow each other in source
    /// order, ids and symbols exist, and the tree is no higher than the parser promises.
    func brokenInvariant() -> String? {
        var stack: [(id: NodeID, height: Int)] = elements(root).reversed().map { ($0, 1) }
        while let (id, height) = stack.popLast() {
            let node = nodes[Int(id)]
            if node.kind == .none { return "node \(id) is the placeholder" }
            if node.start > node.end || Int(node.end) > file.bytes.count {
                return "\(node.kind) at \(node.start) has a broken span"
            }
            if height > Parser.maximumHeight + 2 {
                return "\(node.kind) at \(node.start) is at height \(height)"
            }
            var last = node.start
            for child in children(of: id) {
                let below = nodes[Int(child)]
                if below.start < last || below.end > node.end {
                    return "\(below.kind) at \(below.start) leaves \(node.kind) at \(node.start)"
                }
                last = below.end
                stack.append((child, height + increase(from: node, to: below, child)))
            }
        }
        return nil
    }

    /// Chains of binary operators on the left, and of `elif`, count as one level.
    private func increase(from parent: Node, to child: Node, _ id: NodeID) -> Int {
        if parent.kind == .binary && child.kind == .binary && parent.a == id { return 0 }
        if parent.kind == .ifStatement && child.kind == .ifStatement && child.detail == 1 {
            return 0
        }
        return 1
    }
}
