import FoundationEssentials
import TestKit
import Testing

/// The example in Python has a server build its graph: where the Python packages that it needs are, as
/// `examples/python-front-end/requirements.txt` lists them. `BRAMBLE_PYTHON` names another Python.
@Suite struct PythonFrontEndTests {
    private static let python =
        ProcessInfo.processInfo.environment["BRAMBLE_PYTHON"] ?? "python3"
    private static let example = TextFile.path("../../examples/python-front-end", beside: #filePath)

    private static func shell(_ folder: String) throws -> ShellCommand {
        ShellCommand(
            folder: folder,
            environment: [
                "PATH=\(try BuiltProducts.folder()):/usr/bin:/bin", "HOME=" + folder,
                "LC_ALL=C.UTF-8", "PYTHON=" + python, "EXAMPLE=" + example,
            ])
    }

    static let hasPackages: Bool = {
        guard let scratch = try? ScratchFolder(),
            let outcome = try? shell(scratch.path).run(
                "$PYTHON -c 'import grpc_tools, grpc_reflection'")
        else { return false }
        return outcome.status == 0
    }()

    private static let script = """
        cp "$EXAMPLE/bramble.toml" "$EXAMPLE/default.bramble" "$EXAMPLE/title.txt" .
        mkfifo port
        bramble server --folder server --build -j1 --expose /usr/bin/busybox \\
            --listen 127.0.0.1:0 > port & server=$!
        read -r _ _ address < port
        for turn in 1 2; do $PYTHON -B "$EXAMPLE/submit.py" $address en; done > said 2>&1
        bramble build -q --builder grpc://$address '.:greetings' > path
        kill $server; wait $server; echo "server $?"
        cat said; cat "$(cat path)/greetings.txt"
        """

    @Test(
        .enabled(
            if: PythonFrontEndTests.hasPackages,
            "the Python packages of examples/python-front-end/requirements.txt are not installed"))
    func submits() throws {
        let scratch = try ScratchFolder()
        let outcome = try PythonFrontEndTests.shell(scratch.path).run(PythonFrontEndTests.script)
        let said = outcome.standardOutput.replacing(/[a-z2-7]{32}/, with: "NAME")
        #expect(
            said == """
                server 0
                started busybox
                started greeting-en
                  wrote hello
                started greetings
                sent 2
                out NAME
                started busybox
                reused greeting-en
                reused greetings
                sent 0
                out NAME
                Greetings
                hello
                bonjour
                hallo

                """, "\(outcome.standardError)")
    }
}
