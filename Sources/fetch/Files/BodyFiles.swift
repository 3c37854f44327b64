// --output-dir: each body in a file of its own. A body is written under another name until it is whole, and an outcome says where it
// is.

import FetchFormats
import FetchKit
import Glibc
import Synchronization

/// Gives bodies their files: names when requests are admitted, contents while they come, the final name when all is well.
final class BodyFiles: Sendable {
    private struct State {
        var directory: OutputDirectory
        /// Bodies on their way, by index.
        var open: [Int: OpenFile] = [:]
        /// Why bodies that stream have no file.
        var failures: [Int: FileError] = [:]
    }

    private let settings: FileSettings
    private let names: FileNames
    private let state: Mutex<State>

    /// Throws `OutputTarget.Uncreatable`.
    init(_ settings: FileSettings) throws {
        self.settings = settings
        do {
            names = FileNames(settings, in: try OutputDirectory(settings.directory))
            state = Mutex(State(directory: try OutputDirectory(settings.directory)))
        } catch {
            throw OutputTarget.Uncreatable(description: error.description)
        }
    }

    // MARK: Before the request

    /// Says where the body will be, and whether it has to be fetched, wholly or in part.
    func admit(_ request: inout Request, at index: Int) -> Admission {
        do {
            return try names.admit(&request, at: index)
        } catch {
            return .refuse(FetchError(.output, error.description))
        }
    }

    // MARK: While it comes

    /// A large body begins to arrive, perhaps not for the first time.
    func begin(_ outcome: Outcome) throws {
        try state.withLock { state in
            do {
                state.failures[outcome.index] = nil
                try close(state.open.removeValue(forKey: outcome.index), before: outcome)
                state.open[outcome.index] = try open(outcome, in: state.directory)
            } catch let error as FileError {
                if error.isFatal { throw OutputError.unusable(error.description) }
                // What concerns this file alone is told with its outcome.
                state.failures[outcome.index] = error
            }
        }
    }

    func append(_ body: Body, to index: Int) throws {
        try state.withLock { state in
            guard let file = state.open[index] else { return }
            do {
                try body.forEachPiece { try file.write($0) }
            } catch let error as FileError {
                if error.isFatal { throw OutputError.unusable(error.description) }
            }
        }
    }

    // MARK: At the end

    /// The outcome with its file, or with the reason why it has none. `isStreamed` says that its body has come in parts.
    func save(_ outcome: Outcome, isStreamed: Bool) throws -> Record {
        defer { names.release(outcome.index) }
        return try state.withLock { state in
            var file = state.open.removeValue(forKey: outcome.index)
            let failure = state.failures.removeValue(forKey: outcome.index)
            do {
                if outcome.isSkipped { return Record(outcome, file: try names.existing(outcome.index)) }
                guard hasBody(outcome, isStreamed: isStreamed) else {
                    try giveUp(file, outcome)
                    return Record(outcome, file: nil)
                }
                if !isStreamed {
                    try close(file, before: outcome)
                    file = nil
                } else if let failure {
                    throw failure
                }
                return Record(outcome, file: try finish(file, outcome, state.directory))
            } catch let error as FileError {
                if error.isFatal { throw OutputError.unusable(error.description) }
                var failed = outcome
                if failed.isOK { failed.error = FetchError(.output, error.description) }
                return Record(failed, file: nil)
            }
        }
    }

    /// Whether the outcome has a body to save. One that was refused after a failed try has lost it.
    private func hasBody(_ outcome: Outcome, isStreamed: Bool) -> Bool {
        // What is not modified is what somebody has already (RFC 9110, section 15.4.5), probably in this file.
        guard let last = outcome.hops.last, last.method != "HEAD", outcome.response?.statusCode != 304 else { return false }
        guard settings.bodies.includes(outcome) else { return false }
        return outcome.isOK || isStreamed || !outcome.body.isEmpty || last.bytesDelivered == 0
    }

    /// Nothing more comes: what is not whole goes away, or stays to be continued.
    func finish() {
        state.withLock { state in
            for file in state.open.values { if settings.continues { try? file.keep() } else { file.discard() } }
            state.open = [:]
        }
    }

    /// Where descriptors have run out, transfers give some back when they end.
    private func open(_ outcome: Outcome, in directory: OutputDirectory) throws -> OpenFile {
        for _ in 0..<Self.mostWaits {
            do {
                return try openNow(outcome, in: directory)
            } catch FileError.failed(_, _, let errno) where errno == EMFILE || errno == ENFILE {
                usleep(20_000)
            }
        }
        return try openNow(outcome, in: directory)
    }

    private static let mostWaits = 500

    private func openNow(_ outcome: Outcome, in directory: OutputDirectory) throws -> OpenFile {
        let path = try directory.unobstructed(names.path(of: outcome))
        guard settings.continues else {
            let file = try directory.create(path)
            file.remember(mark: names.mark(of: outcome))
            return file
        }
        if outcome.offset > 0, try !hasPart(path, outcome, directory) {
            guard try directory.status(path)?.size == Int(outcome.offset), try (directory.status(path.partial)?.size ?? 0) == 0 else {
                throw changed(path, directory)
            }
            try directory.remove(path.partial)
            try directory.makePartial(path)
        }
        let file = try directory.openPartial(path)
        if outcome.offset == 0 { try file.removeContents() }
        guard file.size == outcome.offset else {
            try file.keep()
            throw changed(path, directory)
        }
        file.remember(validator: outcome.response?.validator)
        file.remember(mark: names.mark(of: outcome))
        return file
    }

    private func changed(_ path: SafePath, _ directory: OutputDirectory) -> FileError {
        .unsafe(path: directory.text(of: path), reason: "it has changed meanwhile")
    }

    /// What an earlier try has left: the part to go on with, or of no use.
    private func close(_ earlier: OpenFile?, before outcome: Outcome) throws {
        if outcome.offset > 0 { try earlier?.keep() } else { earlier?.discard() }
    }

    /// Whether the first part of the body is in `NAME.part`, and not in a file that another program has left.
    private func hasPart(_ path: SafePath, _ outcome: Outcome, _ directory: OutputDirectory) throws -> Bool {
        try directory.status(path.partial)?.size == Int(outcome.offset)
    }

    private func giveUp(_ file: OpenFile?, _ outcome: Outcome) throws {
        guard let file else { return }
        guard settings.continues, outcome.error?.kind != .integrity else { return file.discard() }
        if let date = outcome.response?.lastModified { file.setModificationTime(secondsSince1970: date) }
        try file.keep()
    }

    private func finish(_ opened: OpenFile?, _ outcome: Outcome, _ directory: OutputDirectory) throws -> SavedFile {
        // Nothing came behind what is there: it is the whole.
        if opened == nil, outcome.response?.statusCode == 416 {
            let path = names.path(of: outcome)
            if try !hasPart(path, outcome, directory) {
                guard try directory.status(path)?.size == Int(outcome.offset) else { throw changed(path, directory) }
                return try saved(path, outcome, directory)
            }
        }
        let file = try opened ?? open(outcome, in: directory)
        if !outcome.body.isEmpty { try outcome.body.forEachPiece { try file.write($0) } }
        if settings.keepsTime, let date = outcome.response?.lastModified { file.setModificationTime(secondsSince1970: date) }
        let named = try names.nameOfServer(outcome) ?? (names.isNamedByBody(outcome.index) ? names.path(of: outcome) : file.path)
        let path = try commit(file, named, outcome, directory)
        return try saved(path, outcome, directory, size: file.size)
    }

    /// Gives the file its name, or the next one to it.
    private func commit(_ file: OpenFile, _ wanted: SafePath, _ outcome: Outcome, _ directory: OutputDirectory) throws -> SafePath {
        var path = wanted
        // A URL below this one was there first and made a folder of its name.
        let isFolder = try directory.status(path)?.isDirectory ?? false
        if isFolder { path = path.suffixed("f") }
        if settings.existing != .number && !isFolder {
            if try file.commit(as: path, replacing: false) { return path }
            path = try names.name(insteadOf: path, for: outcome, in: directory) ?? path
            _ = try file.commit(as: path, replacing: true)
            return path
        }
        for number in 0..<10_000 {
            let name = number == 0 ? path : path.numbered(number)
            if try file.commit(as: name, replacing: false) { return name }
        }
        throw FileError.unsafe(path: path.description, reason: "ten thousand files have that name with a number")
    }

    private func saved(_ path: SafePath, _ outcome: Outcome, _ directory: OutputDirectory, size: Int? = nil) throws -> SavedFile {
        var hash = outcome.sha256
        // The engine has seen only the rest of it.
        if outcome.offset > 0, settings.hashes { hash = try directory.sha256(of: path) }
        return SavedFile(
            path: directory.text(of: path), size: Int64(try size ?? directory.status(path)?.size ?? 0), sha256: hash,
            isRenamed: names.isRenamed(path, outcome.index))
    }
}
