public import BrambleModel

/// The platform that this program was built for, and so runs on.
public enum HostPlatform {
    public static let current: Platform = {
        #if arch(x86_64)
            let name = "linux-x86_64"
        #elseif arch(arm64)
            let name = "linux-aarch64"
        #else
            #error("name the platform")
        #endif
        do throws(Fault) {
            return try Platform(name)
        } catch {
            preconditionFailure("the platform's own name is refused: \(error.message)")
        }
    }()
}
