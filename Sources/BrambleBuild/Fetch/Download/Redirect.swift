internal import BrambleModel

/// Where a redirect may lead.
enum Redirect {
    /// - Parameter location: The header of that name.
    /// - Throws: There is none, or it may not be followed: to other schemes, from https to http, or
    ///   with credentials in it.
    static func next(
        from address: HTTPAddress, location: String?
    ) throws(FetchError) -> HTTPAddress {
        guard let location else {
            throw FetchError(
                .protocolViolation, "`\(address.authority)` redirects, and does not say where to")
        }
        guard let next = address.resolving(location) else {
            // The location is not shown: it may have credentials in it.
            throw FetchError(
                .protocolViolation,
                "`\(address.authority)` redirects to what is no plain URL of http or https")
        }
        guard next.isSecure || !address.isSecure else {
            throw FetchError(
                .protocolViolation,
                "`\(address.authority)` redirects from https to \(quoted(next.shown)), which anyone "
                    + "on the way could change")
        }
        return next
    }
}
