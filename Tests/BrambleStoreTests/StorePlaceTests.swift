import BrambleModel
import Glibc
import TestKit
import Testing

@testable import BrambleStore

/// Stores in unusual places: they work, or say why not.
struct StorePlaceTests {
    @Test func longPathsWithAnyCharacters() throws {
        let fixture = try StoreFixture()
        let part = "a store — ünïcode e\u{301} '\"\\ 日本 "
        var path = fixture.scratch.path
        while path.utf8.count < 200 { path += "/" + part }
        path += "/end"
        let store = try LocalStore(path)
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        try fixture.shell("mkdir o && echo \(own) > o/f && ln -s \(own) o/l")
        let name = try store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: []))[0].name
        #expect(try TextFile.read(store.diskPath(of: name) + "/f") == "\(name)\n")
        #expect(try store.verify() == [])
        #expect(try store.newWorkFolder().hasPrefix(path + "/tmp/"))
        #expect(try store.checkpoint() == 1)
        #expect(try store.reindex().objectCount == 1)
        try store.endLeases()
        #expect(
            try store.collectGarbage(CollectionPolicy(keepSeconds: -10)).objects.map(\.name)
                == [name])
    }

    /// A file system of two mebibytes, in namespaces of its own: what does not fit says so, and does
    /// no harm to what is there.
    @Test func fullDisk() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        let output = try fixture.shell(
            """
            mkdir -p small full/d disk && echo small > small/f
            head -c 300000 /dev/urandom > full/1
            for n in 2 3 4 5 6 7 8 9; do cat full/1 full/1 > full/$n; printf $n >> full/$n; done
            unshare -Urm sh -ec '
                mount -t tmpfs -o size=2m none disk
                "$0" add "$PWD/disk/store" "$PWD/small" > /dev/null
                ! "$0" add "$PWD/disk/store" "$PWD/full" | sed "s|/[^ ]*/disk/|/disk/|g" | cut -c1-60
                "$0" verify "$PWD/disk/store" > /dev/null
                "$0" look-up "$PWD/disk/store" > /dev/null
                cat disk/store/store/*/f; ls disk/store/store | wc -l; ls disk/store/tmp | wc -l
            ' '\(worker)'
            """)
        let lines = output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("cannot add `") }, "\(output)")
        #expect(lines.suffix(3) == ["small", "1", "0"], "\(output)")
    }

    /// A store that cannot be written to.
    @Test func readOnlyDisk() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        _ = try fixture.add(["a": "1"])
        let output = try fixture.shell(
            """
            unshare -Urm sh -ec '
                mount --bind "the store" "the store" && mount -o remount,bind,ro "the store"
                ! "$0" add "$PWD/the store" "$PWD/tree"
            ' '\(worker)'
            """)
        #expect(
            output.replacing(fixture.scratch.path, with: "/FOLDER").hasPrefix(
                "cannot open the store `/FOLDER/the store`: mkdir `/FOLDER/the store/tmp/"))
        #expect(output.hasSuffix(": Read-only file system (errno 30)\n"))
    }

    /// A folder that one may look into and not write to, and one that is somebody else's.
    @Test func foreignFolders() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        // Without rights of root, whoever runs this.
        let output = try fixture.shell(
            """
            mkdir locked shut && chmod 500 locked && chmod 0 shut
            unshare -U '\(worker)' objects "$PWD/locked/store"
            unshare -U '\(worker)' objects "$PWD/shut/store"; true
            """)
        let lines = output.replacing(fixture.scratch.path, with: "/FOLDER").split(separator: "\n")
        #expect(
            lines == [
                "cannot make the store `/FOLDER/locked/store`: mkdir `/FOLDER/locked/store`: "
                    + "Permission denied (errno 13)",
                "cannot make the store `/FOLDER/shut/store`: stat `/FOLDER/shut/store`: "
                    + "Permission denied (errno 13)",
            ], "\(output)")
    }

    /// Root could write to the store of somebody else, who could not use it any more afterwards.
    @Test(.enabled(if: geteuid() == 0)) func foreignStore() throws {
        let fixture = try StoreFixture()
        let object = try fixture.add(["a": "1"])
        fixture.store.close()
        try fixture.shell("chown -R 65534 'the store'")
        let error = #expect(throws: StoreError.self) { try LocalStore(fixture.storePath) }
        #expect(
            message(of: error, fixture)
                == "cannot open the store `/FOLDER/the store`: it belongs to user 65534, who could "
                + "not use what is made by user 0")
        // Nothing is left of the attempt, and to its owner the store is what it was.
        #expect(try fixture.shell("find 'the store' ! -user 65534; ls 'the store/tmp'") == "")
        try fixture.shell("chown -R 0 'the store'")
        #expect(try LocalStore(fixture.storePath).findObject(object.name) == object)
    }
}
