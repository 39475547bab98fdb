public import SourceDiagnostics

/// Where evaluations have spent their time.
public struct Profile: Sendable {
    /// A function of a program, or the top level of a file.
    public struct Place: Sendable {
        public var name: String
        public var file: SourceFile
        /// The line of its first statement that does something, from 1.
        public var line: Int
    }

    /// What was spent in a function.
    public struct Function: Sendable {
        public var place: Place
        public var calls: Int
        /// Without the functions that it called; with the builtins.
        public var selfTime: Duration
        /// With the functions that it called.
        public var totalTime: Duration
    }

    /// What was spent on a line.
    public struct Line: Sendable {
        public var file: SourceFile
        /// From 1.
        public var line: Int
        /// How often a statement on it was done, and turned to by a loop.
        public var hits: Int
        /// Without the functions that it called; with the builtins.
        public var time: Duration
    }

    /// What was spent in a function that was called along one path.
    public struct Stack: Sendable {
        /// The names of the functions, outermost first.
        public var functions: [String]
        /// Without the functions that the last one called.
        public var time: Duration
    }

    /// The functions that ran, those first in which most time was spent themselves.
    public var functions: [Function]
    /// The lines that ran, the most expensive first.
    public var lines: [Line]
    /// The paths of calls, callers before what they called.
    public var stacks: [Stack]
    /// What was spent on collecting garbage; it is part of nothing above.
    public var collectionTime: Duration

    init(
        functions: [Function], lines: [Line], stacks: [Stack], collectionTime: Duration
    ) {
        self.functions = functions.sorted { one, other in
            (other.selfTime, one.place.file.name, one.place.line)
                < (one.selfTime, other.place.file.name, other.place.line)
        }
        self.lines = lines
        self.stacks = stacks
        self.collectionTime = collectionTime
    }

    /// What was spent in all.
    public var totalTime: Duration {
        functions.reduce(collectionTime) { $0 + $1.selfTime }
    }

    struct LineKey: Hashable {
        var file: ObjectIdentifier
        var line: Int
    }
}
