import Glibc

/// The descriptors of one run: what the command is given, and our end of its log if there is one.
struct CommandStandardIO: ~Copyable {
    let input: Int32
    let output: Int32
    let error: Int32
    /// Whether the input is to be the terminal of the command's session.
    let controlsTerminal: Bool
    /// What came of the log goes here; nil if there is none.
    let line: ((String) -> Void)?

    /// What is ours to close; the reading end is the log's.
    private var own: DescriptorPair
    private var emptyInput: Descriptor

    /// Where the log is read; -1 if there is none.
    var log: Int32 { own.reading.number }

    static func open(_ standardIO: SandboxStandardIO) throws(SandboxError) -> CommandStandardIO {
        switch standardIO {
        case .log(let line):
            let pipe = try Descriptor.pipe()
            let empty = try Descriptor.open("/dev/null", O_RDONLY)
            return CommandStandardIO(
                input: empty.number, output: pipe.writing.number, error: pipe.writing.number,
                controlsTerminal: false, line: line, own: pipe, emptyInput: empty)
        case .terminalLog(let line):
            let terminal = try Descriptor.terminal()
            let number = terminal.writing.number
            return CommandStandardIO(
                input: number, output: number, error: number, controlsTerminal: true, line: line,
                own: terminal, emptyInput: Descriptor(owning: -1))
        case .inherited:
            return foreign(STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, controlsTerminal: false)
        case .descriptors(let input, let output, let error):
            return foreign(input, output, error, controlsTerminal: false)
        case .terminal(let terminal):
            return foreign(terminal, terminal, terminal, controlsTerminal: true)
        }
    }

    /// Descriptors that stay the caller's.
    private static func foreign(
        _ input: Int32, _ output: Int32, _ error: Int32, controlsTerminal: Bool
    ) -> CommandStandardIO {
        let none = DescriptorPair(reading: Descriptor(owning: -1), writing: Descriptor(owning: -1))
        return CommandStandardIO(
            input: input, output: output, error: error, controlsTerminal: controlsTerminal,
            line: nil,
            own: none, emptyInput: Descriptor(owning: -1))
    }

    private init(
        input: Int32, output: Int32, error: Int32, controlsTerminal: Bool,
        line: ((String) -> Void)?, own: consuming DescriptorPair, emptyInput: consuming Descriptor
    ) {
        self.input = input
        self.output = output
        self.error = error
        self.controlsTerminal = controlsTerminal
        self.line = line
        self.own = own
        self.emptyInput = emptyInput
    }

    /// Closes the command's ends, so that the log ends with the command.
    mutating func closeCommandEnds() {
        own.writing.close()
        emptyInput.close()
    }
}
