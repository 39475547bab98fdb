package import BrambleModel

/// What an evaluation depends on besides its modules, and what it may use.
package struct EvaluationOptions: Sendable {
    /// Where things are built: `sys.platform`.
    package var platform: Platform
    /// What they are built for: `sys.target`.
    package var target: Platform
    /// How many threads evaluate. The outcome does not depend on it.
    package var threads = 1
    package var limits = Limits()

    /// What loading a module, or calling a function, may use.
    package struct Limits: Sendable {
        /// Calls and rounds of loops. Without `while` and recursion every program ends, but not
        /// every one soon: this many take between ten seconds and a minute.
        package var steps = 1_000_000_000
        /// Calls nested in one another. Nobody reads a call stack of more.
        package var depth = 1_000
        /// Bytes of values at a time: a hundred times what a large project needs, and less than a
        /// machine has that builds one.
        package var allocatedBytes = 1 << 30
        /// Derivations made, and the bytes of their texts: what a graph may have as JSON.
        package var derivations = GraphLimits.default.derivations
        package var textBytes = GraphLimits.default.text.bytes
        /// Modules read: more than any project has. A provider that makes up ever new ones ends
        /// here.
        package var modules = 100_000
        /// Bytes printed: more than anybody reads.
        package var printedBytes = 64 << 20

        package init() {}
    }

    /// - Parameter target: nil for the platform.
    package init(platform: Platform, target: Platform? = nil) {
        self.platform = platform
        self.target = target ?? platform
    }
}
