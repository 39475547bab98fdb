import Glibc
import SourceDiagnostics
import Starlark

@main struct StarlarkCommand {
    static func main() {
        var args = Array(CommandLine.arguments.dropFirst())
        let check = args.first == "--check"
        if check { args.removeFirst() }
        let f = fopen(args[0], "r")!
        fseek(f, 0, SEEK_END)
        let n = ftell(f)
        rewind(f)
        let bytes = [UInt8](unsafeUninitializedCapacity: n) { b, c in
            c = fread(b.baseAddress, 1, n, f)
        }
        var environment = Environment()
        environment.defineStruct()
        environment.defineJSON()
        environment.defineMath()
        environment.defineModule()
        do {
            let program = try Program.compile(
                SourceFile(name: args[0], bytes: bytes), dialect: .all,
                predeclared: environment.names)
            if check { return }
            let evaluator = Evaluator()
            evaluator.setPrintHandler {
                print($0)
                fflush(nil)
            }
            _ = try evaluator.run(program, environment: environment)
        } catch let e as SyntaxErrors {
            for d in e.diagnostics {
                let l = d.file.location(of: d.span.start)
                print("\(d.file.name):\(l): \(d.message)")
            }
            exit(1)
        } catch let e as EvaluationError {
            for f in e.callStack {
                print("  \(f.file.name):\(f.file.location(of: f.span.start)) in \(f.function)")
            }
            print(e.message)
            exit(1)
        } catch {}
    }
}
