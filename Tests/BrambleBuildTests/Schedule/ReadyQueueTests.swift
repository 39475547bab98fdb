import TestKit
import Testing

@testable import BrambleBuild

/// The queue against a list that is sorted.
@Suite struct ReadyQueueTests {
    private struct Entry {
        let node: Int
        let priority: Int
    }

    /// What the queue must give: the most urgent first, of equals the one with the lower number.
    private func sorted(_ entries: [Entry]) -> [Int] {
        entries.sorted { ($1.priority, $0.node) < ($0.priority, $1.node) }.map(\.node)
    }

    @Test(arguments: UInt64(1)...30)
    func givesWhatSortingGives(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let entries = (0..<Int.random(in: 0...200, using: &random)).map { node in
            // Few priorities, so that many are equal.
            Entry(node: node, priority: Int.random(in: 0...9, using: &random))
        }
        var queue = ReadyQueue()
        for entry in entries.shuffled(using: &random) {
            queue.insert(entry.node, priority: entry.priority)
        }
        var given: [Int] = []
        while let node = queue.popFirst() { given.append(node) }
        #expect(given == sorted(entries))
    }

    /// Nodes come while others go.
    @Test(arguments: UInt64(1)...30)
    func mixedWithInsertions(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var queue = ReadyQueue()
        var list: [Entry] = []
        for node in 0..<300 {
            let entry = Entry(node: node, priority: Int.random(in: -5...5, using: &random))
            queue.insert(entry.node, priority: entry.priority)
            list.append(entry)
            while Bool.random(using: &random) {
                let expected = sorted(list).first
                #expect(queue.popFirst() == expected)
                list.removeAll { $0.node == expected }
            }
        }
        while let node = queue.popFirst() {
            #expect(node == sorted(list).first)
            list.removeAll { $0.node == node }
        }
        #expect(list.isEmpty)
    }
}
