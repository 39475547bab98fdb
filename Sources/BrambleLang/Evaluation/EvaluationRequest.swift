/// A module to evaluate, and which of its functions to call.
package struct EvaluationRequest: Hashable, Sendable {
    package enum Functions: Hashable, Sendable {
        /// All that can be called without arguments, in the order of the file.
        case all
        /// These, in this order.
        case named([String])
    }

    package let module: ModuleName
    package let functions: Functions

    package init(_ module: ModuleName, _ functions: Functions = .all) {
        self.module = module
        self.functions = functions
    }
}
