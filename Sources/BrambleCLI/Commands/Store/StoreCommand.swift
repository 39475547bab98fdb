import ArgumentParser

/// `bramble store …`
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Look into the store, and see to it.",
        discussion: """
            An object is named by its name, 32 characters, or the first of them if no other begins \
            so; by its path for builds; or by its path on this machine.
            """,
        subcommands: [
            StorePathCommand.self, StoreListCommand.self, StorePrintCommand.self,
            StoreSizeCommand.self, StoreTreeCommand.self, StoreAddCommand.self,
            StoreExportCommand.self, StoreImportCommand.self, StoreVerifyCommand.self,
            StoreReindexCommand.self, StoreRootsCommand.self,
        ])
}
