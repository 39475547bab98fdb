import ArgumentParser
import Bramble

/// What the command line lets a program use.
struct RunGrantOptions: ParsableArguments {
    @Option(
        name: .customLong("path"),
        help: .init("A path of this machine that it may read and write.", valueName: "path"))
    var paths: [String] = []

    @Option(
        name: .customLong("read-only"),
        help: .init("A path of this machine that it may read.", valueName: "path"))
    var readOnlyPaths: [String] = []

    @Option(
        name: .customLong("hide"),
        help: .init("A path below those that it may not see.", valueName: "path"))
    var hiddenPaths: [String] = []

    @Flag(name: .customLong("network"), help: "Let it use the network.")
    var sharesNetwork = false

    func grants() throws(BrambleError) -> RunGrants {
        var grants = RunGrants()
        grants.paths = try absolute(paths)
        grants.readOnlyPaths = try absolute(readOnlyPaths)
        grants.hiddenPaths = try absolute(hiddenPaths)
        grants.sharesNetwork = sharesNetwork
        return grants
    }

    private func absolute(_ paths: [String]) throws(BrambleError) -> [String] {
        var result: [String] = []
        for path in paths { result.append(try WorkingDirectory.absolutePath(path)) }
        return result
    }
}
