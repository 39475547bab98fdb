import BrambleModel

extension BrambleError {
    /// - Parameters:
    ///   - error: What is wrong with a value of the model.
    ///   - subject: What the value is: "the graph in `graph.json`".
    init(_ error: ValidationError, in subject: String) {
        var problems = error.faults.map { fault in
            let place = fault.offset.map { "\(fault.path) (byte \($0))" } ?? "\(fault.path)"
            return Problem.message("\(subject), \(place): \(fault.message)", hint: fault.hint)
        }
        if error.omittedCount > 0 {
            problems.append(.message("\(subject): and \(error.omittedCount) more mistakes"))
        }
        self.init(.configuration, problems)
    }

    /// Makes a value of the model.
    static func modelling<Result>(
        _ subject: String, _ body: () throws(ValidationError) -> Result
    ) throws(BrambleError) -> Result {
        do throws(ValidationError) {
            return try body()
        } catch {
            throw BrambleError(error, in: subject)
        }
    }
}
