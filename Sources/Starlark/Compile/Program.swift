public import SourceDiagnostics

/// A file that was parsed, resolved and compiled: ready to run, any number of times and on any thread.
public final class Program: @unchecked Sendable {
    // Sendable: everything below is written while compiling and only read afterwards.

    public let file: SourceFile
    public let dialect: Dialect
    /// The strings and numbers of the source.
    let heap: Heap
    let constants: UnsafeMutablePointer<Value>
    let constantCount: Int
    let codes: [UnsafeMutablePointer<Code>]
    let callSites: UnsafeMutablePointer<CallSite>
    let loadSites: [LoadSite]
    let attributeNames: UnsafeMutablePointer<AttributeName>
    /// The names of the globals; the exported ones can be loaded and read by the host.
    let globalNames: [(name: String, isExported: Bool)]
    /// The host's names that the file uses. Their values stand after the globals.
    let predeclaredNames: [String]

    init(unit: CompiledUnit) {
        file = unit.file
        dialect = unit.dialect
        heap = unit.heap
        constants = .allocate(copying: unit.constants)
        constantCount = unit.constants.count
        callSites = .allocate(copying: unit.callSites)
        attributeNames = .allocate(copying: unit.attributeNames)
        loadSites = unit.loadSites
        globalNames = unit.globalNames
        predeclaredNames = unit.predeclaredNames
        // The addresses come first: code points to the program's other tables.
        codes = unit.functions.map { _ in .allocate(capacity: 1) }
        for (code, function) in zip(codes, unit.functions) {
            code.initialize(to: Code(function, in: self))
        }
    }

    /// The modules that the file loads, in order.
    public var loads: [String] { loadSites.map(\.module) }

    deinit {
        for code in codes {
            code.pointee.free()
            code.deallocate()
        }
        constants.deallocate()
        callSites.deallocate()
        attributeNames.deallocate()
    }
}

extension UnsafeMutablePointer {
    /// Memory with a copy of the elements; the caller frees it.
    static func allocate(copying elements: [Pointee]) -> UnsafeMutablePointer<Pointee> {
        let pointer = allocate(capacity: max(elements.count, 1))
        elements.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress {
                pointer.initialize(from: base, count: buffer.count)
            }
        }
        return pointer
    }
}
