// The list as a stream. Reading has a thread of its own, because a read may block for ever and nothing may block a thread of
// Swift's pool; it reads one batch ahead and then waits until that is taken.

import FetchFormats
import FetchKit
import Glibc
import Synchronization

/// The candidates of all inputs, in order, in batches as they arrive.
final class URLList: RequestSource {
    private struct State {
        var batch: [Candidate]?
        var isAtEnd = false
        var isStopped = false
        var objection: String?
        var reader: CheckedContinuation<[Candidate]?, Never>?
    }

    private let state = Mutex(State())
    /// Wakes the thread: the batch was taken, or it is to stop.
    private let wake: WakeDescriptor
    private let thread = Mutex<FetchKit.Thread?>(nil)

    /// Where `{a,b}` and `[1-9]` stand for several URLs.
    enum Globbing {
        case off
        case ofArguments
        case everywhere
    }

    /// `keepsLines` says whether candidates carry what they were read from. Throws when the system has no descriptor or no thread to give.
    init(_ inputs: [Input], template: RequestTemplate, globbing: Globbing, keepsLines: Bool) throws {
        wake = try WakeDescriptor()
        try thread.withLock {
            $0 = try Thread(name: "fetch-input") { [self] in
                for input in inputs where objection == nil {
                    switch input {
                    case .arguments(let urls): read(urls, template, isGlobbing: globbing != .off, keepsLines)
                    case .file(let name, let descriptor):
                        let lines = RequestLine(template: template, file: name, keepsLines: keepsLines)
                        read(descriptor, lines, isGlobbing: globbing == .everywhere, keepsLines)
                    }
                }
                end()
            }
        }
    }

    /// Why one of the inputs that could not be looked at before is no list of URLs; nothing is read after it.
    var objection: String? { state.withLock(\.objection) }

    /// Stops reading and ends the thread.
    func close() {
        stop()
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    func next() async throws -> [Candidate]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: [Candidate]?? = state.withLock { state in
                    if let batch = state.batch {
                        state.batch = nil
                        return .some(batch)
                    }
                    if state.isAtEnd || state.isStopped { return .some(nil) }
                    state.reader = continuation
                    return nil
                }
                if let ready {
                    wake.signal()
                    continuation.resume(returning: ready)
                }
            }
        } onCancel: {
            stop()
        }
    }

    private func stop() {
        let reader = state.withLock { state in
            state.isStopped = true
            defer { state.reader = nil }
            return state.reader
        }
        wake.signal()
        reader?.resume(returning: nil)
    }

    // MARK: Thread

    private func read(_ urls: [String], _ template: RequestTemplate, isGlobbing: Bool, _ keepsLines: Bool) {
        let batch = Batch(self)
        for text in urls {
            expand(text, isGlobbing, keepsLines, batch) { text in
                do throws(InvalidURL) { return .request(try template.request(try HTTPURL(text), text: text, source: nil)) } catch {
                    return .rejected(RejectedInput(text: HTTPURL.redacted(text), source: nil, reason: error.reason))
                }
            } rejecting: { reason in
                .rejected(RejectedInput(text: HTTPURL.redacted(text), source: nil, reason: reason))
            }
        }
        batch.hand()
    }

    /// Candidates on their way to the reader: not all of them at once, because a pattern may stand for any number.
    private final class Batch {
        private let list: URLList
        private var candidates: [Candidate] = []

        init(_ list: URLList) { self.list = list }

        var isStopped: Bool { list.state.withLock(\.isStopped) }

        func append(_ candidate: consuming Candidate) {
            candidates.append(candidate)
            if candidates.count >= 256 { hand() }
        }

        func hand() {
            list.hand(candidates)
            candidates = []
        }
    }

    private func expand(
        _ text: String, _ isGlobbing: Bool, _ keepsLines: Bool, _ batch: Batch, _ candidate: (String) -> Candidate,
        rejecting: (String) -> Candidate
    ) {
        let append = { (candidate: consuming Candidate, text: String) in
            batch.append(keepsLines ? candidate.with(original: text.utf8) : candidate)
        }
        guard isGlobbing, Glob.isPattern(text) else { return append(candidate(text), text) }
        do throws(GlobError) {
            var glob = try Glob(text)
            while let url = glob.next(), !batch.isStopped { append(candidate(url), url) }
        } catch {
            append(rejecting(error.description), text)
        }
    }

    private func read(_ descriptor: CInt, _ lines: RequestLine, isGlobbing: Bool, _ keepsLines: Bool) {
        var splitter = LineSplitter()
        var number = 0
        var lines = lines
        let batch = Batch(self)
        let take = { (line: LineSplitter.Line) in
            number += 1
            guard isGlobbing, case .whole(let bytes) = line, bytes.first != UInt8(ascii: "{"), bytes.first != UInt8(ascii: "#"),
                let text = String(validating: bytes, as: UTF8.self), Glob.isPattern(text)
            else {
                if let candidate = lines.candidate(line, number: number) { batch.append(candidate) }
                return
            }
            self.expand(text, true, keepsLines, batch) {
                lines.candidate(.whole(Array($0.utf8)[...]), number: number)!
            } rejecting: {
                .rejected(
                    RejectedInput(text: HTTPURL.redacted(text), source: Request.Source(file: lines.file, line: number), reason: $0))
            }
        }
        let refuse = { (reason: String) in
            batch.append(
                .rejected(
                    RejectedInput(
                        text: lines.file, source: Request.Source(file: lines.file, line: number + 1), reason: reason)))
        }
        var block = [UInt8](repeating: 0, count: Input.blockSize)
        var isFirst = true
        while waitUntilReadable(descriptor) {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
            if count < 0 { refuse("cannot read on: \(String(cString: strerror(errno)))") }
            if count <= 0 {
                splitter.end(take)
                batch.hand()
                break
            }
            var bytes = block[..<count]
            if isFirst {
                isFirst = false
                if let objection = Input.objection(to: bytes, lines) {
                    state.withLock { $0.objection = objection }
                    break
                }
                bytes = bytes.withoutByteOrderMark
            }
            splitter.split(bytes, take)
            batch.hand()
        }
        if descriptor != STDIN_FILENO { Glibc.close(descriptor) }
    }

    /// Waits for bytes, the end of the file or an error; false when the run stops. Never sets O_NONBLOCK: the descriptor is
    /// shared with other programs.
    private func waitUntilReadable(_ descriptor: CInt) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            if state.withLock(\.isStopped) { return false }
            descriptors[1].revents = 0
            _ = poll(&descriptors, 2, -1)
            if descriptors[1].revents != 0 { wake.drain() }
            if state.withLock(\.isStopped) { return false }
            if descriptors[0].revents != 0 { return true }
        }
    }

    /// Gives a batch to the reader, or leaves it for the reader and waits until the one before is taken.
    private func hand(_ batch: [Candidate]) {
        if batch.isEmpty { return }
        while true {
            let (isDone, reader) = state.withLock { state -> (Bool, CheckedContinuation<[Candidate]?, Never>?) in
                if state.isStopped { return (true, nil) }
                if let reader = state.reader {
                    state.reader = nil
                    return (true, reader)
                }
                guard state.batch == nil else { return (false, nil) }
                state.batch = batch
                return (true, nil)
            }
            if let reader { return reader.resume(returning: batch) }
            if isDone { return }
            wake.wait()
        }
    }

    private func end() {
        let reader = state.withLock { state in
            state.isAtEnd = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
