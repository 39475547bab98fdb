import SourceDiagnostics
import Starlark

/// Any bytes: parsing ends with a tree or errors, and both can be read and shown.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzParse(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let file = SourceFile(
        name: "fuzz.star", bytes: Array(UnsafeBufferPointer(start: data, count: count)))
    var dialect = Dialect.all
    dialect.allowsModuleLoads = true
    do throws(SyntaxErrors) {
        let tree = try SyntaxTree.parse(file, dialect: dialect)
        for statement in tree.statements { precondition(statement.span.end <= count) }
        _ = try Program.compile(tree)
    } catch {
        let renderer = DiagnosticRenderer()
        for diagnostic in error.diagnostics { _ = renderer.render(diagnostic) }
    }
    return 0
}
