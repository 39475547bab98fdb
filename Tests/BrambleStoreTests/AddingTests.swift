import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// Directories of the host as objects.
struct AddingTests {
    @Test func treeIsTheOneThatAnotherProgramComputes() throws {
        let fixture = try StoreFixture()
        for seed in 1...6 as ClosedRange<UInt64> {
            let tree = RandomTree(seed: seed)
            let path = try tree.make(in: fixture, as: "tree \(seed)")
            let object = try fixture.store.add(directory: path)
            let expected = try fixture.independently(path)
            #expect("\(object.tree) \(object.name)" == expected, "seed \(seed)")
            let copy = fixture.store.diskPath(of: object.name)
            #expect(try fixture.independently(copy) == expected, "seed \(seed)")
            #expect(try fixture.store.damages(of: object.name) == [], "seed \(seed)")
            #expect(try fixture.store.readTree(of: object.name).root == object.tree)
        }
    }

    @Test func modesAndTimesAreOfOneKind() throws {
        let fixture = try StoreFixture()
        try fixture.shell(
            """
            mkdir -p t/d && echo a > t/a && echo b > t/d/b && ln -s a t/l
            chmod 4750 t/a; chmod 640 t/d/b; chmod 1777 t/d
            """)
        let object = try fixture.store.add(directory: fixture.scratch.path + "/t")
        let listing = try fixture.shell(
            """
            cd '\(fixture.store.diskPath(of: object.name))'
            find . -printf '%p %y %m %T@\\n' | sort
            """)
        #expect(
            listing == """
                . d 555 1.0000000000
                ./a f 555 1.0000000000
                ./d d 555 1.0000000000
                ./d/b f 444 1.0000000000
                ./l l 777 1.0000000000

                """)
    }

    @Test func equalFilesAreOne() throws {
        let fixture = try StoreFixture()
        let first = try fixture.add(["a": "same", "b/c": "same", "d": "other"])
        let second = try fixture.add(["x": "same"])
        let inode = try fixture.shell(
            """
            cd 'the store/store' && stat -c %i \(first.name)/a \(first.name)/b/c \(second.name)/x | uniq
            """)
        #expect(inode.split(separator: "\n").count == 1)
    }

    @Test func theSameTreeTwiceIsOneObject() throws {
        let fixture = try StoreFixture()
        let first = try fixture.add(["a": "1"])
        #expect(try fixture.add(["a": "1"]) == first)
        #expect(try fixture.store.objects() == [first])
        #expect(
            try fixture.shell("ls 'the store/store' && ls 'the store/tmp'/*") == "\(first.name)\n")
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let make: String
        let message: String
    }

    static let refused = [
        Refused(
            testDescription: "name that is not UTF-8",
            make: "mkdir -p t/d; touch t/d/$(printf 'a\\377')",
            message: "cannot store `/FOLDER/t/d`: the name `a\\xff` in it is not UTF-8"),
        Refused(
            testDescription: "target that is not UTF-8",
            make: "mkdir t; ln -s $(printf 'a\\377') t/l",
            message:
                "cannot store `/FOLDER/t`: the target of the symlink `l` in it is not UTF-8"),
        Refused(
            testDescription: "FIFO", make: "mkdir t; mkfifo t/f",
            message:
                "cannot store `/FOLDER/t`: `f` in it is a device, socket or FIFO, which the store "
                + "cannot hold"),
        Refused(
            testDescription: "nothing", make: "true",
            message: "cannot add `/FOLDER/t`: open `/FOLDER/t`: No such file or directory (errno 2)"
        ),
        Refused(
            testDescription: "file", make: "touch t",
            message: "cannot add `/FOLDER/t`: open `/FOLDER/t`: Not a directory (errno 20)"),
    ]

    @Test(arguments: refused) func whatNoTreeCanHold(_ row: Refused) throws {
        let fixture = try StoreFixture()
        try fixture.shell(row.make)
        let error = #expect(throws: StoreError.self) {
            try fixture.store.add(directory: fixture.scratch.path + "/t")
        }
        #expect(message(of: error, fixture) == row.message)
        #expect(try fixture.store.objects() == [])
    }

    @Test func holesStayHoles() throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir t && truncate -s 256M t/sparse && printf x >> t/sparse")
        let object = try fixture.store.add(directory: fixture.scratch.path + "/t")
        #expect(object.sizeBytes == 256 << 20 | 1)
        let path = fixture.store.diskPath(of: object.name)
        let kilobytes = try fixture.shell(
            "du -k '\(path)/sparse' | cut -f 1; cmp '\(path)/sparse' t/sparse")
        #expect(Int(kilobytes.split(separator: "\n")[0]) ?? .max < 2048)
    }
}
