import SourceDiagnostics

/// The hint for a name that is not known, or nil if none of the known ones is near.
func suggestion(for name: String, among names: some Sequence<String>) -> String? {
    closestMatch(to: name, among: names).map { "did you mean \($0)?" }
}
