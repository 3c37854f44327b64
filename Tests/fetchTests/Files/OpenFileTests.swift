import FetchKit
import Foundation
import Testing

@testable import fetch

@Suite("A file that is being written") struct OpenFileTests {
    private let scratch = Scratch()
    private let directory: OutputDirectory

    init() throws { directory = try OutputDirectory(scratch.path) }

    private var inode: UInt64 {
        var status = stat()
        return stat("\(scratch.path)/x", &status) == 0 ? UInt64(status.st_ino) : 0
    }

    @Test("It has its name only when it is whole") func commit() throws {
        let file = try directory.create(safePath("x"))
        try file.write("half")
        #expect(scratch.names().count == 1 && scratch.names()[0].hasPrefix(".x-") && scratch.names()[0].hasSuffix("-part"))
        try file.write("")
        try file.write(" and half")
        #expect(file.size == 13)
        #expect(scratch.text("x") == nil)
        #expect(try file.commit(replacing: false))
        #expect(scratch.names() == ["x"] && scratch.text("x") == "half and half")
    }

    @Test("While a write takes nothing, whoever ends the process can see it") func stuck() async throws {
        var ends: [CInt] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        while write(writer, zeros, zeros.count) > 0 {}
        _ = fcntl(writer, F_SETFL, 0)
        // A pipe takes the place of a file on a disk that does not answer.
        let thread = try FetchKit.Thread(name: "stuck") { [path = scratch.path] in
            guard let directory = try? OutputDirectory(path) else { return }
            let folder = Folder(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
            let file = OpenFile(
                safePath("x"), in: directory, folder: folder, temporaryName: "x", descriptor: writer, opened: stat(), isPartial: true)
            try? file.write("x")
        }
        // Other tests write meanwhile, but none for so long.
        let end = ContinuousClock.now + .seconds(60)
        var (oldest, looks) = (PendingWrites.oldest, 0)
        while looks < 20, .now < end {
            try await Task.sleep(for: .milliseconds(5))
            let now = PendingWrites.oldest
            looks = now != nil && now == oldest ? looks + 1 : 0
            oldest = now
        }
        #expect(looks == 20)
        var room = zeros
        while read(reader, &room, room.count) == room.count {}
        thread.join()
        close(reader)
    }

    @Test("It has the permissions of the umask and no more") func permissions() throws {
        try directory.put("x", at: "x")
        // Compared with another file: to ask for the umask is to change it, for all tests that run meanwhile.
        close(open("\(scratch.path)/y", O_WRONLY | O_CREAT, 0o666))
        var (status, expected) = (stat(), stat())
        #expect(stat("\(scratch.path)/x", &status) == 0 && stat("\(scratch.path)/y", &expected) == 0)
        #expect(status.st_mode == expected.st_mode)
    }

    @Test("Replacing is done by renaming: who reads the old file reads it to its end") func replacing() throws {
        scratch.plant("old", at: "x")
        let before = inode
        let reader = try #require(FileHandle(forReadingAtPath: "\(scratch.path)/x"))
        try directory.put("new", at: "x")
        #expect(scratch.text("x") == "new" && inode != before)
        #expect(try reader.readToEnd() == Data("old".utf8))
    }

    @Test("A name that is taken stays with its owner, and another one can be tried", arguments: kernels) func notReplacing(
        known: KnownCalls
    ) throws {
        directory.known = known
        scratch.plant("old", at: "x")
        let file = try directory.create(safePath("x"))
        try file.write("new")
        #expect(try file.commit(replacing: false) == false)
        #expect(scratch.text("x") == "old")
        #expect(try file.commit(as: safePath("x.1"), replacing: false))
        #expect(scratch.names() == ["x", "x.1"] && scratch.text("x.1") == "new" && scratch.text("x") == "old")
        #expect(directory.known.openat2 == known.openat2)
    }

    @Test("A name that only the body could tell may be in another folder", arguments: kernels) func otherFolder(known: KnownCalls) throws {
        directory.known = known
        let file = try directory.create(safePath("x"))
        try file.write("body")
        #expect(try file.commit(as: safePath("ab/cd/hash"), replacing: true))
        let second = try directory.create(safePath("y"))
        #expect(try second.commit(as: safePath("ab/ce/hash"), replacing: false))
        #expect(scratch.names() == ["ab", "ab/cd", "ab/cd/hash", "ab/ce", "ab/ce/hash"])
    }

    @Test("Given up or forgotten, it leaves nothing") func discard() throws {
        let file = try directory.create(safePath("x"))
        try file.write("x")
        file.discard()
        file.discard()
        #expect(scratch.names() == [])
        do {
            let file = try directory.create(safePath("x"))
            try file.write("x")
        }
        #expect(scratch.names() == [])
        scratch.plant("old", at: "x")
        do { #expect(try directory.create(safePath("x")).commit(replacing: false) == false) }
        #expect(scratch.names() == ["x"] && scratch.text("x") == "old")
    }

    @Test("What a killed process left is in nobody's way") func leftovers() throws {
        for count in 1...50 { scratch.plant("left", at: ".x-\(getpid()).\(count)-part") }
        try directory.put("new", at: "x")
        #expect(scratch.text("x") == "new" && scratch.names().count == 51)
    }

    @Test("Descriptors are closed") func descriptors() throws {
        // Other tests run meanwhile, and have files of their own.
        let folder = URL(fileURLWithPath: scratch.path).lastPathComponent
        let count = {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.contains("/\(folder)") ?? false
            }
        }
        try directory.put("x", at: "h/x")
        let before = try count()
        for index in 0..<500 {
            try directory.put("x", at: "h\(index % 5)/\(index)")
            try directory.create(safePath("h/\(index)")).discard()
            try directory.openPartial(safePath("h/\(index)")).keep()
            #expect(throws: FileError.self) { try directory.put("x", at: "h/x/y") }
        }
        #expect(try before > 0 && count() <= before)
    }

    @Test(
        "What was put in the place of its temporary file does not get its name",
        arguments: ["link", "hard link", "file", "folder", "nothing"])
    func swapped(kind: String) throws {
        scratch.plant("secret", at: "secret")
        for replacing in [true, false] {
            let file = try directory.create(safePath("x"))
            try file.write("body")
            let name = try #require(scratch.names().first { $0.hasSuffix("-part") })
            #expect(unlink("\(scratch.path)/\(name)") == 0)
            switch kind {
            case "link": scratch.link(name, to: "secret")
            case "hard link": #expect(link("\(scratch.path)/secret", "\(scratch.path)/\(name)") == 0)
            case "file": scratch.plant("planted", at: name)
            case "folder": try scratch.makeDirectory(name)
            default: break
            }
            let before = scratch.names()
            for _ in 0..<2 {
                #expect(
                    throws: FileError.unsafe(
                        path: "\(scratch.path)/x", reason: "its temporary file was replaced while it was being written")
                ) { _ = try file.commit(replacing: replacing) }
            }
            file.discard()
            #expect(scratch.names() == before && scratch.text("secret") == "secret")
            if kind != "nothing" { try FileManager.default.removeItem(atPath: "\(scratch.path)/\(name)") }
        }
    }

    // MARK: -C -

    @Test("A partial file goes on where it was") func partial() throws {
        let first = try directory.openPartial(safePath("h/x"))
        #expect(first.size == 0)
        try first.write("one ")
        try first.keep()
        #expect(scratch.names(in: "h") == ["x.part"])
        let second = try directory.openPartial(safePath("h/x"))
        #expect(second.size == 4)
        try second.write("two")
        #expect(second.size == 7 && scratch.text("h/x") == nil)
        #expect(try second.commit(replacing: false))
        #expect(scratch.names(in: "h") == ["x"] && scratch.text("h/x") == "one two")
    }

    @Test("A partial file that is forgotten stays, one that is given up goes, one that starts anew is empty") func partialEnds() throws {
        do { try directory.openPartial(safePath("x")).write("some") }
        #expect(scratch.text("x.part") == "some")
        let file = try directory.openPartial(safePath("x"))
        try file.removeContents()
        try file.write("new")
        #expect(file.size == 3)
        try file.keep()
        #expect(scratch.text("x.part") == "new")
        try directory.openPartial(safePath("x")).discard()
        #expect(scratch.names() == [])
    }

    @Test("A partial file whose name another file took is not taken for it") func partialReplaced() throws {
        let file = try directory.openPartial(safePath("x"))
        try file.write("of x")
        try directory.put("of x.part", at: "x.part")
        for _ in 0..<2 {
            #expect(throws: FileError.unsafe(path: "\(scratch.path)/x.part", reason: "it was replaced while it was being written")) {
                _ = try file.commit(replacing: true)
            }
        }
        file.discard()
        #expect(scratch.names() == ["x.part"] && scratch.text("x.part") == "of x.part")
    }

    @Test("A link under a partial file's name is not followed", arguments: kernels) func partialLinks(known: KnownCalls) throws {
        directory.known = known
        scratch.plant("secret", at: "secret")
        scratch.link("x.part", to: "secret")
        scratch.link("y.part", to: "nothing")
        for (name, reason) in [("x", "it is a symbolic link"), ("y", "it is a symbolic link")] {
            #expect(throws: FileError.unsafe(path: "\(scratch.path)/\(name).part", reason: reason)) {
                _ = try directory.openPartial(safePath(name))
            }
        }
        #expect(scratch.names() == ["secret", "x.part", "y.part"] && scratch.text("secret") == "secret")
    }
}
