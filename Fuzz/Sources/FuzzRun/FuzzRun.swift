import SourceDiagnostics
import Starlark

/// Any program: it ends with a module or an error within its limits.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRun(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let file = SourceFile(
        name: "fuzz.star", bytes: Array(UnsafeBufferPointer(start: data, count: count)))
    var environment = Environment()
    environment.defineStruct()
    environment.defineModule()
    environment.defineJSON()
    environment.defineMath()
    guard
        let program = try? Program.compile(file, dialect: .all, predeclared: environment.names)
    else { return 0 }
    let evaluator = Evaluator(
        limits: EvaluationLimits(steps: 20_000, depth: 100, allocatedBytes: 64 << 20))
    _ = try? evaluator.run(program, environment: environment)
    return 0
}
