/// Why a store is not opened that could be: it is another user's.
package struct ForeignStore: Error, Equatable, Sendable {
    /// Whose store it is.
    package let owner: UInt32
    /// Whose the files would be that are made in it.
    package let maker: UInt32
}
