/// All that is wrong with a value of the model.
public struct ValidationError: Error, Equatable, Sendable {
    /// In the order in which they were found, which depends on the value only. Never empty.
    public let faults: [Fault]
    /// How many more there are.
    public let omittedCount: Int

    init(_ fault: Fault) {
        faults = [fault]
        omittedCount = 0
    }

    init(faults: [Fault], omittedCount: Int) {
        precondition(!faults.isEmpty, "an error without a fault")
        self.faults = faults
        self.omittedCount = omittedCount
    }
}

extension ValidationError: CustomStringConvertible {
    public var description: String {
        var lines = faults.map(\.description)
        if omittedCount > 0 { lines.append("and \(omittedCount) more") }
        return lines.joined(separator: "\n")
    }
}

/// Faults as they are found, up to a limit.
struct FaultList {
    private(set) var faults: [Fault] = []
    private(set) var omittedCount = 0
    let limit: Int

    init(limit: Int = GraphLimits.default.faults) {
        self.limit = max(1, limit)
    }

    var isEmpty: Bool { faults.isEmpty }
    /// Faults found, with those that were too many to keep.
    var count: Int { faults.count + omittedCount }

    mutating func add(_ fault: Fault, at path: JSONPath = JSONPath()) {
        if faults.count < limit {
            faults.append(fault.under(path))
        } else {
            omittedCount += 1
        }
    }

    /// Fills in where the faults are in a text.
    mutating func locate(_ find: (JSONPath) -> Int?) {
        for index in faults.indices where faults[index].offset == nil {
            faults[index].offset = find(faults[index].path)
        }
    }

    /// - Throws: All faults, if there are any.
    func check() throws(ValidationError) {
        guard isEmpty else {
            throw ValidationError(faults: faults, omittedCount: omittedCount)
        }
    }
}
