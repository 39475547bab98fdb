internal import GRPCCore

/// Who makes a call, as far as limits are concerned: the name of its token, or else its address.
package struct Caller: Hashable, Sendable {
    let name: String

    package init(name: String) {
        self.name = name
    }

    /// Who makes the call that is being answered.
    init(_ context: ServerContext) {
        self = Caller.current ?? Caller(peer: context.remotePeer)
    }

    /// - Parameter peer: `ipv4:127.0.0.1:4711`, as gRPC writes it: the port tells nothing.
    init(peer: String) {
        let address = peer.lastIndex(of: ":").map { peer[..<$0] } ?? peer[...]
        let isMarked = address.hasPrefix("ipv4:") || address.hasPrefix("ipv6:")
        name = (isMarked ? address.dropFirst(5) : address).filter { $0 != "[" && $0 != "]" }
    }

    /// Set for each call by `AccessInterceptor`, which alone sees its credentials.
    @TaskLocal static var current: Caller?
}
