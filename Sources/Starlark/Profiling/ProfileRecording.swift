import SourceDiagnostics

/// What a profiler has seen: the tree of calls with the time of each node, and the time of each instruction.
struct ProfileRecording {
    /// When the profiler was done with the last interruption.
    var last: UInt64 = 0
    /// The shortest time between two interruptions: what they take of it themselves.
    private var overhead = UInt64.max
    /// Time spent collecting garbage.
    var collection: UInt64 = 0

    /// The functions that are running, outermost first, as nodes of the tree of calls.
    private var stack: [Int] = []
    /// Node 0 is the host.
    private var nodes = [Node(function: -1, parent: -1)]
    private var functions: [Function] = []
    private var functionNumbers: [UnsafeMutablePointer<Code>: Int] = [:]

    /// A function, called along one path.
    struct Node {
        var function: Int
        var parent: Int
        var children: [Int] = []
        var calls = 0
        var spent = Spent()
    }

    struct Function {
        let code: UnsafeMutablePointer<Code>
        /// Keeps the code.
        let program: Program
        /// By instruction: the times that ended there.
        var spent: [Spent]
    }

    /// Times between interruptions.
    struct Spent {
        var time: UInt64 = 0
        var count = 0

        mutating func add(_ elapsed: UInt64) {
            time &+= elapsed
            count += 1
        }

        /// Without the share of the interruptions.
        func net(_ overhead: UInt64) -> UInt64 {
            let excess = UInt64(count) &* overhead
            return time > excess ? time - excess : 0
        }
    }

    /// Deep recursion along many paths could fill any memory; beyond this, calls count for their callers.
    private static let maximumNodeCount = 1 << 18

    var stackDepth: Int { stack.count }

    // MARK: Recording

    /// - Parameter base: How many functions of other evaluators are below those of this machine.
    mutating func record(
        _ state: UnsafeMutablePointer<MachineState>, next: UnsafeMutablePointer<Instruction>,
        base: Int, now: UInt64
    ) {
        let elapsed = now &- last
        let depth = state.pointee.depth
        let frame = state.pointee.frames + (depth - 1)
        let code = frame.pointee.code
        let index = next - code.pointee.instructions - 1
        guard index >= 0, code.pointee.positions[index] != Code.entryMark else {
            // The time before a call is the caller's.
            unwind(to: base + depth - 1)
            if depth > 1 {
                add(elapsed, at: (frame - 1).pointee.next, in: (frame - 1).pointee.code)
            }
            // With -1 the mark itself is still to come.
            if index >= 0 { call(code) }
            return
        }
        unwind(to: base + depth)
        add(elapsed, at: next, in: code)
    }

    private mutating func unwind(to depth: Int) {
        if stack.count > depth { stack.removeLast(stack.count - depth) }
    }

    private mutating func call(_ code: UnsafeMutablePointer<Code>) {
        let parent = stack.last ?? 0
        let node = child(of: parent, calling: code)
        nodes[node].calls += 1
        stack.append(node)
    }

    private mutating func child(of parent: Int, calling code: UnsafeMutablePointer<Code>) -> Int {
        for child in nodes[parent].children
        where functions[nodes[child].function].code == code { return child }
        guard nodes.count < ProfileRecording.maximumNodeCount else { return parent }
        let child = nodes.count
        nodes.append(Node(function: number(of: code), parent: parent))
        nodes[parent].children.append(child)
        return child
    }

    private mutating func number(of code: UnsafeMutablePointer<Code>) -> Int {
        if let number = functionNumbers[code] { return number }
        let count = code.pointee.instructionCount
        functionNumbers[code] = functions.count
        functions.append(
            Function(
                code: code, program: code.pointee.program.takeUnretainedValue(),
                spent: Array(repeating: Spent(), count: count)))
        return functions.count - 1
    }

    /// - Parameter next: The instruction behind the one that the time is spent up to.
    private mutating func add(
        _ time: UInt64, at next: UnsafeMutablePointer<Instruction>,
        in code: UnsafeMutablePointer<Code>
    ) {
        guard let node = stack.last else { return }
        overhead = min(overhead, time)
        nodes[node].spent.add(time)
        let function = nodes[node].function
        guard function >= 0, functions[function].code == code else { return }
        let index = max(next - code.pointee.instructions - 1, 0)
        functions[function].spent[index].add(time)
    }

    // MARK: Reporting

    func makeProfile() -> Profile {
        var calls = Array(repeating: 0, count: functions.count)
        var own = Array(repeating: 0 as UInt64, count: functions.count)
        var total = own
        // A child's number is above its parent's, so that going down sums up whole subtrees.
        let times = nodes.map { $0.spent.net(overhead) }
        var subtree = times
        for node in nodes.indices.dropFirst().reversed() {
            subtree[nodes[node].parent] &+= subtree[node]
        }
        for node in nodes.indices.dropFirst() {
            let function = nodes[node].function
            calls[function] += nodes[node].calls
            own[function] &+= times[node]
            // Inside of itself a function counts once.
            if !isBelowItself(node) { total[function] &+= subtree[node] }
        }
        return Profile(
            functions: functions.indices.map { number in
                Profile.Function(
                    place: place(of: number), calls: calls[number],
                    selfTime: .nanoseconds(Int64(clamping: own[number])),
                    totalTime: .nanoseconds(Int64(clamping: total[number])))
            },
            lines: makeLines(), stacks: makeStacks(),
            collectionTime: .nanoseconds(Int64(clamping: collection)))
    }

    private func isBelowItself(_ node: Int) -> Bool {
        var ancestor = nodes[node].parent
        while ancestor > 0 {
            if nodes[ancestor].function == nodes[node].function { return true }
            ancestor = nodes[ancestor].parent
        }
        return false
    }

    private func place(of function: Int) -> Profile.Place {
        let code = functions[function].code
        let file = functions[function].program.file
        // The entry mark comes with no position; what follows it does.
        let positions = UnsafeBufferPointer(
            start: code.pointee.positions, count: code.pointee.instructionCount)
        let first = positions.first { $0 != 0 && $0 != Code.entryMark } ?? 0
        return Profile.Place(
            name: StringObject(code.pointee.name).text, file: file,
            line: file.location(of: UInt32(truncatingIfNeeded: first)).line)
    }

    private func makeLines() -> [Profile.Line] {
        var lines: [Profile.LineKey: (file: SourceFile, hits: Int, time: UInt64)] = [:]
        for function in functions {
            let file = function.program.file
            for index in function.spent.indices where function.spent[index].count > 0 {
                let start = UInt32(truncatingIfNeeded: function.code.pointee.positions[index])
                let key = Profile.LineKey(
                    file: ObjectIdentifier(file), line: file.location(of: start).line)
                let known = lines[key] ?? (file, 0, 0)
                let spent = function.spent[index]
                lines[key] = (
                    file, known.hits + spent.count, known.time &+ spent.net(overhead)
                )
            }
        }
        return lines.map { key, value in
            Profile.Line(
                file: value.file, line: key.line, hits: value.hits,
                time: .nanoseconds(Int64(clamping: value.time)))
        }
        .sorted { ($1.time, $0.file.name, $0.line) < ($0.time, $1.file.name, $1.line) }
    }

    private func makeStacks() -> [Profile.Stack] {
        nodes.indices.dropFirst().filter { nodes[$0].spent.count > 0 }.map { node in
            var path: [String] = []
            var ancestor = node
            while ancestor > 0 {
                let code = functions[nodes[ancestor].function].code
                path.append(StringObject(code.pointee.name).text)
                ancestor = nodes[ancestor].parent
            }
            return Profile.Stack(
                functions: path.reversed(),
                time: .nanoseconds(Int64(clamping: nodes[node].spent.net(overhead))))
        }
    }
}
