/// The version of Bramble.
public enum BrambleVersion {
    /// As in `bramble version`: semantic versioning (semver.org, 2.0.0).
    public static let current = "0.1.0"
}
