import BrambleModel
import Starlark

/// What `run` makes: a program of a derivation, and what it may do.
final class RunValue: HostObject {
    static let starlarkTypeName = "run"
    static let members: HostMembers<RunValue> = []

    let run: ModuleOutput.Run
    /// The derivations that it needs.
    let needs: [DerivationHash]

    init(_ run: ModuleOutput.Run, needs: [DerivationHash]) {
        self.run = run
        self.needs = needs
    }
}

/// What `test` makes: a derivation whose builder is a test.
final class TestValue: HostObject {
    static let starlarkTypeName = "test"
    static let members: HostMembers<TestValue> = []

    let test: ModuleOutput.Test
    /// The derivations that it needs.
    let needs: [DerivationHash]

    init(_ test: ModuleOutput.Test, needs: [DerivationHash]) {
        self.test = test
        self.needs = needs
    }
}
