import Testing

@testable import BrambleRemote

@Suite("Events that are kept for those who come late") struct EventBacklogTests {
    private func all(_ backlog: EventBacklog, after number: UInt64 = 0) -> [UInt64] {
        var numbers: [UInt64] = []
        var last = number
        while let part = backlog.part(after: last) {
            #expect(!part.events.isEmpty)
            numbers += part.firstNumber...part.lastNumber
            last = part.lastNumber
        }
        return numbers
    }

    @Test func fromAnyNumber() {
        var backlog = EventBacklog()
        #expect(backlog.part(after: 0) == nil)
        for number in 1...5 { backlog.append("\(number)", isLossy: false) }
        #expect(backlog.part(after: 0)?.events == ["1", "2", "3", "4", "5"])
        #expect(backlog.part(after: 3) == .init(firstNumber: 4, events: ["4", "5"]))
        #expect(backlog.part(after: 5) == nil)
        #expect(backlog.part(after: 99) == nil)
    }

    /// Of what may be lost, the oldest goes; numbers stay what they were.
    @Test func whatIsTooMuch() {
        var backlog = EventBacklog(limitBytes: 100)
        for number in 1...30 {
            backlog.append(String(repeating: "x", count: 10), isLossy: number % 3 != 0)
        }
        #expect(backlog.lastNumber == 30)
        let kept = all(backlog)
        let firm = (1...30).filter { $0 % 3 == 0 }.map { UInt64($0) }
        #expect(kept.filter { $0 % 3 == 0 } == firm)
        let lossy = kept.filter { $0 % 3 != 0 }
        #expect(lossy.count <= 10 && lossy.count >= 5)
        #expect(lossy.last == 29)
        #expect(all(backlog, after: 28) == [29, 30])
    }

    @Test func largeOnesComeInParts() {
        var backlog = EventBacklog()
        for _ in 1...10 {
            backlog.append(String(repeating: "x", count: 100 << 10), isLossy: false)
        }
        #expect(backlog.part(after: 0)?.events.count == 3)
        #expect(all(backlog) == Array(1...10))
    }
}
