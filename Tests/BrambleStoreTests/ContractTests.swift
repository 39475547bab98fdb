import TestSupport
import Testing

@testable import BrambleStore

/// Both stores do what a `ContentStore` must.
struct ContractTests {
    @Test func localStore() async throws {
        let fixture = try StoreFixture()
        try await ContentStoreContract(fixture.store).check()
        #expect(try fixture.store.verify() == [])
        withExtendedLifetime(fixture) {}
    }

    @Test func memoryStore() async throws {
        try await ContentStoreContract(MemoryStore()).check()
    }
}
