package import BrambleModel
internal import Glibc

/// What `reindex` has found on disk.
package struct ReindexReport: Hashable, Sendable {
    package var objectCount = 0
    package var buildCount = 0
    /// Directories whose names do not follow from their content, which are left alone and not
    /// indexed.
    package var strangers: [StoreName] = []
}

extension LocalStore {
    /// Makes the index anew from what is on disk. Every file is read: trees get their digests, and
    /// what refers to what is found by looking for the names of all objects.
    package func reindex() throws(StoreError) -> ReindexReport {
        var report = ReindexReport()
        let found = try fileSystem.names(in: folder.objects).compactMap {
            // What has another kind of name was never an object.
            try? StoreName(String(decoding: $0, as: UTF8.self))
        }.sorted()
        var drafts: [Draft] = []
        for name in found {
            if let draft = try examine(name, found) {
                drafts.append(draft)
            } else {
                report.strangers.append(name)
            }
        }
        let builds = try buildsOnDisk(Set(drafts.map(\.name)))
        let now = options.clock()
        try index.write("cannot write the new index") { database in
            for table in ["objects", "builds", "blobs", "cache"] {
                try database.run("DELETE FROM \(table)")
            }
            for draft in drafts { try insert(draft, draft.tree.encoded, database, now) }
            for (record, json) in builds { try insertRow(record, json, database) }
            try bumpGeneration(database)
            try Index.setComplete(database)
        }
        report.objectCount = drafts.count
        report.buildCount = builds.count
        return report
    }

    /// Reads an object.
    ///
    /// - Returns: nil if its name is not the one that follows from its content.
    private func examine(
        _ name: StoreName, _ all: [StoreName]
    ) throws(StoreError) -> Draft? {
        let place = Place(folder.objects, name.description)
        let others = all.filter { $0 != name }
        let scan = NameScan(scanner: NameScanner([name] + others), replaced: 0..<1)
        let walked = try WalkedTree(fileSystem, place, name: name.description)
        let reader = TreeReader(fileSystem: fileSystem, workers: workers, scan: scan)
        let content = try reader.read(walked, place)
        guard BlankedTree(content.tree, own: name, content.ownNames).name == name else {
            return nil
        }
        let references = Set(content.names.subtracting([0]).map { scan.scanner.names[$0] })
        return Draft(
            place: place, name: name, tree: content.tree, references: references.sorted())
    }

    private func buildsOnDisk(
        _ names: Set<StoreName>
    ) throws(StoreError) -> [(record: BuildRecord, json: [UInt8])] {
        var builds: [(record: BuildRecord, json: [UInt8])] = []
        for bytes in try fileSystem.names(in: folder.builds) {
            let place = Place(folder.builds, String(decoding: bytes, as: UTF8.self))
            let json = try fileSystem.contents(of: place, limitBytes: 16 << 20)
            // What cannot be read is a build that is not known: it happens again.
            guard let record = try? BuildRecord(json: json),
                record.outputs.allSatisfy({ names.contains($0.name) })
            else { continue }
            builds.append((record, json))
        }
        return builds.sorted { $0.record.facts.key < $1.record.facts.key }
    }
}
