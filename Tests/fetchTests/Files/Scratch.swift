import Foundation
import Testing

@testable import FetchFormats
@testable import fetch

/// A directory for one test, gone with it.
final class Scratch: Sendable {
    let path: String

    init() {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/files-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? ""
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// In bytes; nil when there is no such file.
    func size(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.size] as? Int
    }

    /// Waits until the file is there and has so many bytes; false when that does not happen in time.
    func wait(for name: String, bytes: Int) async -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while .now < end {
            if let size = size(name), size >= bytes { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    func plant(_ text: String, at name: String) { _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(text.utf8)) }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) { #expect(symlink(target, "\(path)/\(name)") == 0) }

    /// Everything below a folder, without what is in links.
    func names(in folder: String = "") -> [String] {
        (FileManager.default.enumerator(atPath: "\(path)/\(folder)")?.allObjects as? [String] ?? []).sorted()
    }
}

/// A path whose components are what they are here, whatever the rules would make of it.
func safePath(_ text: String) -> SafePath { SafePath(trusting: text.split(separator: "/").map(String.init)) }

extension OpenFile {
    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBytes { try write($0) }
    }
}

extension OutputDirectory {
    /// A file in one go.
    @discardableResult
    func put(_ text: String, at path: String, replacing: Bool = true) throws -> Bool {
        let file = try create(safePath(path))
        try file.write(text)
        return try file.commit(replacing: replacing)
    }
}

/// What kernels and file systems have, from the newest to the poorest.
let kernels = [
    KnownCalls(), KnownCalls(openat2: false), KnownCalls(renameat2: false), KnownCalls(openat2: false, renameat2: false, linkat: false),
]

/// Runs a closure in which this thread has no more rights than anybody, which the superuser otherwise has.
func withoutPrivileges<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard geteuid() == 0, let symbol = dlsym(nil, "setfsuid") else { return try body() }
    let setfsuid = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)
    _ = setfsuid(65534)
    defer { _ = setfsuid(0) }
    return try body()
}
