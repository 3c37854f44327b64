import Foundation
import Testing

@testable import fetch

@Suite("The output directory") struct OutputDirectoryTests {
    private let scratch = Scratch()

    private func directory(_ known: KnownCalls = KnownCalls(), _ name: String = "") throws -> OutputDirectory {
        let directory = try OutputDirectory(scratch.path + name)
        directory.known = known
        return directory
    }

    @Test("It is made with those above it, also through links of the user's own") func made() throws {
        try directory(KnownCalls(), "/a/b//c/").put("x", at: "f")
        #expect(scratch.text("a/b/c/f") == "x")
        try directory(KnownCalls(), "/a/b/c").put("y", at: "f")
        #expect(scratch.text("a/b/c/f") == "y")
        scratch.link("link", to: "a/b")
        try directory(KnownCalls(), "/link/d").put("z", at: "f")
        #expect(scratch.text("a/b/d/f") == "z")
    }

    @Test("What cannot be a directory is refused, with its name") func notADirectory() throws {
        scratch.plant("x", at: "file")
        #expect(throws: FileError.failed(path: "\(scratch.path)/file", operation: .open, errno: ENOTDIR)) {
            _ = try directory(KnownCalls(), "/file")
        }
        #expect(throws: FileError.failed(path: "\(scratch.path)/file/x", operation: .open, errno: ENOTDIR)) {
            _ = try directory(KnownCalls(), "/file/x")
        }
        let error = #expect(throws: FileError.self) { _ = try OutputDirectory("") }
        #expect(error?.description == "cannot open : No such file or directory")
    }

    @Test("Files get their folders, whatever the kernel has", arguments: kernels) func folders(known: KnownCalls) throws {
        let directory = try directory(known)
        for path in ["a", "h/b", "h/c/d/e", "h/c/f", "é/日"] { try directory.put("at \(path)", at: path) }
        for path in ["a", "h/b", "h/c/d/e", "h/c/f", "é/日"] { #expect(scratch.text(path) == "at \(path)") }
        try directory.makeDirectories(for: safePath("m/n/o"))
        try directory.makeDirectories(for: safePath("m/n/o"))
        #expect(scratch.names(in: "m") == ["n"])
        #expect(scratch.names().count == 11)
    }

    @Test("Two folders that Unicode takes for one are two") func normalisation() throws {
        let directory = try directory()
        try directory.put("composed", at: "\u{e9}/f")
        try directory.put("decomposed", at: "e\u{301}/f")
        #expect(scratch.text("\u{e9}/f") == "composed" && scratch.text("e\u{301}/f") == "decomposed")
    }

    @Test("A hundred files in a folder") func manyFiles() throws {
        let directory = try directory()
        let files = try (0..<100).map { try directory.create(safePath("h/\($0)")) }
        for (index, file) in files.enumerated() { try file.write("\(index)") }
        for file in files { #expect(try file.commit(replacing: false)) }
        #expect(scratch.names(in: "h").count == 100)
        #expect((0..<100).allSatisfy { scratch.text("h/\($0)") == "\($0)" })
    }

    @Test("A link in the way is not followed", arguments: kernels) func links(known: KnownCalls) throws {
        let directory = try directory(known, "/out")
        try scratch.makeDirectory("elsewhere/sub")
        scratch.plant("secret", at: "elsewhere/file")
        scratch.link("out/folder", to: "../elsewhere")
        scratch.link("out/absolute", to: "\(scratch.path)/elsewhere")
        scratch.link("out/dangling", to: "../nothing")
        scratch.link("out/file", to: "../elsewhere/file")
        scratch.link("out/inside", to: "real")
        try scratch.makeDirectory("out/real/sub")
        for path in ["folder/x", "absolute/x", "dangling/x", "file/x", "inside/x", "inside/sub/x", "folder/sub/x"] {
            let first = path.prefix { $0 != "/" }
            let error = FileError.unsafe(
                path: "\(scratch.path)/out/\(first)", reason: "it is a symbolic link where a directory should be")
            #expect(throws: error) { try directory.put("x", at: path) }
            #expect(throws: error) { _ = try directory.openPartial(safePath(path)) }
            #expect(throws: error) { _ = try directory.status(safePath(path)) }
            #expect(throws: error) { try directory.remove(safePath(path)) }
            #expect(throws: error) { try directory.makeDirectories(for: safePath(path)) }
            #expect(!error.isFatal)
        }
        for path in ["folder", "dangling", "file"] {
            #expect(throws: FileError.unsafe(path: "\(scratch.path)/out/\(path)", reason: "it is a symbolic link")) {
                try directory.put("x", at: path)
            }
            #expect(try directory.put("x", at: path, replacing: false) == false)
            #expect(try directory.status(safePath(path))?.isRegular == false)
        }
        #expect(scratch.names(in: "elsewhere") == ["file", "sub"] && scratch.text("elsewhere/file") == "secret")
        #expect(scratch.names(in: "out") == ["absolute", "dangling", "file", "folder", "inside", "real", "real/sub"])
    }

    @Test("A path that no rule made leads nowhere else either", arguments: kernels) func beneath(known: KnownCalls) throws {
        let directory = try directory(known, "/out")
        for path in ["../x", "../../x/y", "a/../../x"] {
            let error = #expect(throws: FileError.self) { try directory.put("x", at: path) }
            #expect(error?.isFatal == false)
        }
        #expect(scratch.names() == ["out", "out/a"])
    }

    @Test("Pipes, folders and files in the way are named and left alone", arguments: kernels) func otherKinds(known: KnownCalls) throws {
        let directory = try directory(known)
        #expect(mkfifo("\(scratch.path)/pipe", 0o600) == 0 && mkfifo("\(scratch.path)/p.part", 0o600) == 0)
        try scratch.makeDirectory("folder/inner")
        try scratch.makeDirectory("d.part")
        scratch.plant("x", at: "file")
        for (path, reason) in [
            ("pipe", "it is a named pipe"), ("folder", "it is a directory"), ("pipe/x", "it is a named pipe where a directory should be"),
            ("file/x", "it is a file where a directory should be"), ("file/x/y", "it is a file where a directory should be"),
        ] {
            let error = #expect(throws: FileError.self) { try directory.put("x", at: path) }
            let there = path.split(separator: "/")[0]
            #expect(error?.description == "will not write to \(scratch.path)/\(there): \(reason)" && error?.isFatal == false)
        }
        for path in ["p", "d"] { #expect(throws: FileError.self) { _ = try directory.openPartial(safePath(path)) } }
        #expect(throws: FileError.unsafe(path: "\(scratch.path)/folder", reason: "it is a directory")) {
            try directory.remove(safePath("folder"))
        }
        #expect(try directory.put("x", at: "pipe", replacing: false) == false)
        #expect(try directory.put("x", at: "folder", replacing: false) == false)
        #expect(scratch.names() == ["d.part", "file", "folder", "folder/inner", "p.part", "pipe"])
    }

    @Test("A device is not opened") func devices() throws {
        let devices = try OutputDirectory("/dev")
        #expect(throws: FileError.unsafe(path: "/dev/full", reason: "it is a device")) {
            try devices.move("no such file", from: Folder(-1), to: safePath("full"), replacing: true)
        }
        #expect(try devices.status(safePath("full"))?.isRegular == false)
    }

    @Test("A second name of a file of somebody's keeps what it has") func hardLinks() throws {
        scratch.plant("secret", at: "secret")
        let directory = try directory(KnownCalls(), "/out")
        #expect(Glibc.link("\(scratch.path)/secret", "\(scratch.path)/out/x") == 0)
        #expect(Glibc.link("\(scratch.path)/secret", "\(scratch.path)/out/y.part") == 0)
        try directory.put("new", at: "x")
        #expect(scratch.text("out/x") == "new" && scratch.text("secret") == "secret")
        #expect(throws: FileError.self) { _ = try directory.openPartial(safePath("y")) }
        #expect(scratch.text("secret") == "secret")
    }

    @Test("Without its directory nothing can be written, and that is said once for all", arguments: kernels) func deleted(known: KnownCalls)
        throws
    {
        let directory = try directory(known, "/out")
        try directory.put("x", at: "h/x")
        let open = try directory.create(safePath("h/y"))
        try FileManager.default.removeItem(atPath: "\(scratch.path)/out")
        for path in ["x", "h/x", "i/x"] {
            let error = #expect(throws: FileError.self) { try directory.put("x", at: path) }
            #expect(error?.isFatal == true && error?.description.hasSuffix("No such file or directory") == true)
        }
        #expect(throws: FileError.failed(path: "\(scratch.path)/out/h", operation: .makeDirectory, errno: ENOENT)) {
            _ = try open.commit(replacing: true)
        }
        #expect(try directory.status(safePath("h/x")) == nil)
        #expect(scratch.names() == [])
    }

    @Test("A folder that somebody removed is made again") func removedFolder() throws {
        let directory = try directory()
        try directory.put("x", at: "h/x")
        try FileManager.default.removeItem(atPath: "\(scratch.path)/h")
        try directory.put("y", at: "h/y")
        try FileManager.default.removeItem(atPath: "\(scratch.path)/h")
        try directory.openPartial(safePath("h/z")).keep()
        #expect(scratch.names(in: "h") == ["z.part"])
    }

    @Test("A directory that is not ours to write to ends it") func readOnly() throws {
        let directory = try directory(KnownCalls(), "/out")
        #expect(chmod("\(scratch.path)/out", 0o555) == 0)
        defer { chmod("\(scratch.path)/out", 0o755) }
        withoutPrivileges {
            let error = #expect(throws: FileError.self) { try directory.put("x", at: "f") }
            #expect(error?.isFatal == true && error?.description == "cannot create \(scratch.path)/out/f: Permission denied")
            let second = #expect(throws: FileError.self) { try directory.put("x", at: "h/f") }
            #expect(second?.description == "cannot make the directory \(scratch.path)/out/h: Permission denied")
        }
    }

    @Test("Names of 255 bytes have room, longer ones are the file's own fault", arguments: kernels) func longNames(known: KnownCalls) throws
    {
        let directory = try directory(known)
        for name in [String(repeating: "x", count: 255), String(repeating: "日", count: 85), "x" + String(repeating: "é", count: 127)] {
            try directory.put("long", at: "h/\(name)")
            #expect(scratch.text("h/\(name)") == "long")
        }
        let error = #expect(throws: FileError.self) { try directory.put("x", at: String(repeating: "x", count: 256)) }
        #expect(error?.isFatal == false)
        let partial = #expect(throws: FileError.self) { _ = try directory.openPartial(safePath(String(repeating: "x", count: 251))) }
        #expect(partial?.isFatal == false)
    }

    @Test("The status tells what is there") func status() throws {
        let directory = try directory()
        #expect(try directory.status(safePath("x")) == nil)
        #expect(try directory.status(safePath("no/such/x")) == nil)
        let file = try directory.create(safePath("h/x"))
        file.setModificationTime(secondsSince1970: 1_000_000_007)
        try file.write("seven..")
        #expect(try file.commit(replacing: true))
        let status = try #require(try directory.status(safePath("h/x")))
        #expect(status.size == 7 && status.isRegular && status.modificationTime == FileStatus.Time(seconds: 1_000_000_007, nanoseconds: 0))
        #expect(status.changeTime.seconds > 1_000_000_007)
        try directory.remove(safePath("h/x"))
        try directory.remove(safePath("h/x"))
        try directory.remove(safePath("no/such/x"))
        #expect(scratch.names() == ["h"])
    }

    @Test(
        "Errors of one name and errors of all are told apart",
        arguments: [
            (ENOSPC, true), (EDQUOT, true), (EIO, true), (EROFS, true), (ENOENT, true), (EACCES, true), (EMFILE, true),
            (ENAMETOOLONG, false),
            (EISDIR, false), (ENOTDIR, false), (ELOOP, false), (EFBIG, false), (EILSEQ, false), (EINVAL, false),
        ]) func fatality(errno: Int32, isFatal: Bool)
    {
        #expect(FileError.failed(path: "x", operation: .write, errno: errno).isFatal == isFatal)
    }

    @Test("A message names the path and the reason") func messages() {
        let full = FileError.failed(path: "out/a/b.html", operation: .write, errno: ENOSPC)
        #expect(full.description == "cannot write to out/a/b.html: No space left on device")
        #expect(
            FileError.unsafe(path: "out/a", reason: "it is a symbolic link").description == "will not write to out/a: it is a symbolic link"
        )
    }
}
