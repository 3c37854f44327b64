// Which file a request gets. Decided when it is admitted, in the order of the list, so that the same list always gives the same
// names; and without remembering more than what is on its way, because the directory itself remembers the rest.

import FetchFormats
import FetchKit
import Glibc
import Synchronization

/// The names of the files of one run.
final class FileNames: Sendable {
    private struct Claim {
        /// The name without its folders, before it was made safe and unique.
        var wantedName: [UInt8]
        var path: SafePath
        var key: String
        var mark: FileMark
        /// The list has said what it is called.
        var isChosen: Bool
    }

    private struct State {
        var directory: OutputDirectory
        /// By index: requests that have been admitted and not saved.
        var claims: [Int: Claim] = [:]
        /// How many of them have that name; more than one only where their template says nothing else.
        var keys: Set<String> = []
    }

    private let settings: FileSettings
    private let state: Mutex<State>
    /// What changed after this was written by this run, or under its eyes.
    private let start: FileStatus.Time
    /// What the files of this run are marked with.
    private let run = FileMark.makeRun()

    init(_ settings: FileSettings, in directory: sending OutputDirectory) {
        self.settings = settings
        state = Mutex(State(directory: directory))
        start = Self.nextTick()
    }

    /// The file system's clock moves in ticks of some milliseconds (CLOCK_REALTIME_COARSE, clock_gettime(2)): waits for the next
    /// one, so that no earlier file has its time.
    private static func nextTick() -> FileStatus.Time {
        var first = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &first)
        var now = first
        while now.tv_sec == first.tv_sec && now.tv_nsec == first.tv_nsec {
            var pause = timespec(tv_sec: 0, tv_nsec: 500_000)
            nanosleep(&pause, nil)
            clock_gettime(CLOCK_REALTIME_COARSE, &now)
        }
        return FileStatus.Time(seconds: now.tv_sec, nanoseconds: now.tv_nsec)
    }

    /// Names the request's file, and says what of it must be fetched.
    func admit(_ request: inout Request, at index: Int) throws(FileError) -> Admission {
        guard let written = settings.name(for: request, index: index) else { return .fetch }
        let url = request.url.absoluteString
        let asked = settings.wantedName(for: request, index: index) ?? written
        let wantedName = Array(asked[((asked.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
        let wanted = settings.path(for: written)
        return try state.withLock { state throws(FileError) -> Admission in
            let mark = FileMark(run: run, url: url)
            let path = try free(wanted, index, url, mark, &state)
            let status = try state.directory.status(path)
            if let status, !status.isRegular, !status.isDirectory {
                throw .unsafe(path: state.directory.text(of: path), reason: "it is \(status.kindName)")
            }
            let claim = Claim(wantedName: wantedName, path: path, key: path.collisionKey, mark: mark, isChosen: request.output != nil)
            if settings.existing == .skip, let status, status.isRegular {
                // Whoever comes later in this run and wants the same name must see that it is taken.
                state.directory.setMark(mark, of: path)
                state.claims[index] = claim
                return .skip
            }
            if settings.continues { try state.directory.refuseLockedPart(of: path) }
            // The rest of a body makes sense only with the same method, and a hash would be that of the rest.
            if settings.continues, request.sha256 == nil, request.method == "GET" {
                request.resumption = try resumption(of: path, status, &state)
            }
            state.keys.insert(claim.key)
            if settings.continues { state.keys.insert(path.partial.collisionKey) }
            state.claims[index] = claim
            return .fetch
        }
    }

    /// The first part of the body, in `NAME.part` or in a file that another program has left.
    private func resumption(
        of path: SafePath, _ status: FileStatus?, _ state: inout State
    ) throws(FileError) -> Request.Resumption? {
        let partial = try state.directory.status(path.partial)
        let hasPartial = partial.map { $0.isRegular && $0.size > 0 } ?? false
        guard let part = hasPartial ? partial : status, part.isRegular, part.size > 0 else { return nil }
        let validator = state.directory.validator(of: hasPartial ? path.partial : path) ?? httpDate(part.modificationTime.seconds) ?? ""
        return validator.isEmpty ? nil : Request.Resumption(offset: Int64(part.size), validator: validator)
    }

    /// The name, or one made from it that no other URL has. Where a folder of it is a file - a URL and one below it - the
    /// folder gets another name.
    private func free(
        _ wanted: SafePath, _ index: Int, _ url: String, _ mark: FileMark, _ state: inout State
    ) throws(FileError) -> SafePath {
        let wanted = try state.directory.unobstructed(wanted)
        if try isFree(wanted, mark, &state) { return wanted }
        let tag = tag(of: url)
        let tagged = wanted.suffixed(tag)
        // The same URL again, or a chance in four thousand million.
        return try isFree(tagged, mark, &state) ? tagged : wanted.suffixed("\(tag)_\(index)")
    }

    private func tag(of url: String) -> String { String(hexadecimal(SHA256.hash(Array(url.utf8))).prefix(8)) }

    /// Where bodies are continued, each file has two names.
    private func isFree(_ path: SafePath, _ mark: FileMark, _ state: inout State) throws(FileError) -> Bool {
        if try isTaken(path, mark, &state) { return false }
        guard settings.continues else { return true }
        return try !isTaken(path.partial, mark, &state)
    }

    private func isTaken(_ path: SafePath, _ mark: FileMark, _ state: inout State) throws(FileError) -> Bool {
        if state.keys.contains(path.collisionKey) { return true }
        guard let status = try state.directory.status(path) else { return false }
        if status.isDirectory { return true }
        guard status.changeTime >= start else { return false }
        // Another process may have it for the same URL: then the options say what becomes of it, as with one from before.
        guard let other = state.directory.mark(of: path) else { return true }
        return other.run == run || other.url != mark.url
    }

    // MARK: Afterwards

    func path(of outcome: Outcome) -> SafePath {
        if let claim = state.withLock({ $0.claims[outcome.index] }) { return claim.path }
        return settings.path(for: settings.template.render(NameParts(outcome), settings.rules))
    }

    /// Whether the file of a request has another name than it was to have.
    func isRenamed(_ path: SafePath, _ index: Int) -> Bool {
        state.withLock { $0.claims[index].map { !path.name.utf8.elementsEqual($0.wantedName) } ?? false }
    }

    /// The name that the server gives the file, in place of that of the URL (-J); nil where it gives none.
    func nameOfServer(_ outcome: Outcome) throws(FileError) -> SafePath? {
        guard settings.takesRemoteNames, let head = outcome.response, let name = ContentDisposition.fileName(of: head) else { return nil }
        return try state.withLock { state throws(FileError) -> SafePath? in
            guard var claim = state.claims[outcome.index], !claim.isChosen else { return nil }
            let wanted = claim.path.renamed(settings.rules.path(for: settings.rules.supplied(name)).name)
            state.keys.remove(claim.key)
            claim.wantedName = name
            claim.path = try free(wanted, outcome.index, NameParts(outcome).url, claim.mark, &state)
            claim.key = claim.path.collisionKey
            state.keys.insert(claim.key)
            state.claims[outcome.index] = claim
            return claim.path
        }
    }

    /// What the file of the outcome is marked with.
    func mark(of outcome: Outcome) -> FileMark {
        state.withLock { $0.claims[outcome.index]?.mark } ?? FileMark(run: run, url: NameParts(outcome).url)
    }

    /// Another name for the file of the outcome, where a process beside this one has given the first one to another URL since it was
    /// chosen; nil where it has not.
    func name(insteadOf path: SafePath, for outcome: Outcome, in directory: OutputDirectory) throws(FileError) -> SafePath? {
        guard !isNamedByBody(outcome.index), let status = try directory.status(path), status.changeTime >= start,
            let other = directory.mark(of: path), other.run != run, other.url != mark(of: outcome).url
        else { return nil }
        return path.suffixed(tag(of: NameParts(outcome).url))
    }

    /// The name was not known before the body was.
    func isNamedByBody(_ index: Int) -> Bool { state.withLock { $0.claims[index] == nil } }

    /// The file of a request that was skipped.
    func existing(_ index: Int) throws(FileError) -> SavedFile? {
        try state.withLock { state throws(FileError) -> SavedFile? in
            guard let claim = state.claims[index], let status = try state.directory.status(claim.path) else { return nil }
            return SavedFile(path: state.directory.text(of: claim.path), size: Int64(status.size), sha256: nil)
        }
    }

    func release(_ index: Int) {
        state.withLock { state in
            guard let claim = state.claims.removeValue(forKey: index) else { return }
            state.keys.remove(claim.key)
            if settings.continues { state.keys.remove(claim.path.partial.collisionKey) }
        }
    }
}
