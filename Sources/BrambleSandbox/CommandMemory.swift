import CBrambleSandbox
import Glibc

/// Writes a command into a slot of the launcher's memory, in the form that the C side reads.
///
/// All pointers lead into the slot, which bramble and the launcher see at the same address: so nothing is
/// encoded or parsed, and the launcher allocates nothing. The slot belongs to one launch at a time.
struct CommandMemory {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private var used = 0

    init(base: UnsafeMutableRawPointer, capacity: Int) {
        self.base = base
        self.capacity = capacity
    }

    /// The command without its descriptors.
    mutating func write(
        _ command: SandboxCommand, plan: RootPlan, filter: SystemCallFilter
    ) throws(SandboxError) -> UnsafeMutablePointer<bramble_sandbox_command> {
        let result = try room(for: bramble_sandbox_command.self, count: 1)
        var native = bramble_sandbox_command()
        native.program = try text(command.program)
        native.arguments = try texts([command.program] + command.arguments)
        native.environment = try texts(
            command.environment.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value })
        native.directory = try text(command.directory)
        native.host_name = try text(SandboxCommand.hostName)
        let user = command.variation.userNumber
        native.user_map = try text("\(user) \(geteuid()) 1")
        native.group_map = try text("\(user) \(getegid()) 1")
        native.skipped_processes = Int32(command.variation.skippedProcesses)
        native.processors = Int32(command.variation.processors ?? 0)
        if let folder = command.rootFolder { native.root = UnsafePointer(try text(folder)) }
        native.root_options = try text("mode=0755,size=\(command.limits.scratchBytes)")
        if let number = command.highestProcess { native.highest_process = try text("\(number)") }
        native.shares_network = command.sharesNetwork ? 1 : 0
        try writeSteps(plan.steps, to: &native)
        let limits = try copy(command.resourceLimits)
        (native.limits, native.limit_count) = (UnsafePointer(limits), command.resourceLimits.count)
        native.filter = UnsafePointer(try copy(filter.instructions))
        native.filter_length = UInt16(filter.instructions.count)
        result.initialize(to: native)
        return result
    }

    private mutating func writeSteps(
        _ steps: [RootPlan.Step], to native: inout bramble_sandbox_command
    ) throws(SandboxError) {
        let memory = try room(for: bramble_sandbox_step.self, count: steps.count)
        for (index, step) in steps.enumerated() {
            (memory + index).initialize(
                to: bramble_sandbox_step(
                    kind: step.nativeKind, mode: mode_t(step.mode), target: try text(step.target),
                    source: try text(step.source)))
        }
        (native.steps, native.step_count) = (UnsafePointer(memory), steps.count)
    }

    private mutating func texts(
        _ list: [String]
    ) throws(SandboxError) -> UnsafePointer<UnsafeMutablePointer<CChar>?> {
        let memory = try room(for: UnsafeMutablePointer<CChar>?.self, count: list.count + 1)
        for (index, element) in list.enumerated() {
            (memory + index).initialize(to: UnsafeMutablePointer(mutating: try text(element)))
        }
        (memory + list.count).initialize(to: nil)
        return UnsafePointer(memory)
    }

    private mutating func text(_ text: String) throws(SandboxError) -> UnsafePointer<CChar> {
        let bytes = text.utf8
        if bytes.contains(0) {
            throw SandboxError(.invalidCommand, "a text of the command contains a zero byte")
        }
        let memory = try room(for: CChar.self, count: bytes.count + 1)
        for (index, byte) in bytes.enumerated() {
            (memory + index).initialize(to: CChar(bitPattern: byte))
        }
        (memory + bytes.count).initialize(to: 0)
        return UnsafePointer(memory)
    }

    private mutating func copy<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) throws(SandboxError) -> UnsafeMutablePointer<Element> {
        let memory = try room(for: Element.self, count: elements.count)
        for (index, element) in elements.enumerated() { (memory + index).initialize(to: element) }
        return memory
    }

    private mutating func room<Element: BitwiseCopyable>(
        for type: Element.Type, count: Int
    ) throws(SandboxError) -> UnsafeMutablePointer<Element> {
        let alignment = MemoryLayout<Element>.alignment
        let start = (used + alignment - 1) / alignment * alignment
        let end = start + MemoryLayout<Element>.stride * count
        guard end <= capacity else {
            throw SandboxError(
                .invalidCommand, "the command and its mounts take more than \(capacity) bytes")
        }
        used = end
        return (base + start).bindMemory(to: type, capacity: max(count, 1))
    }
}
