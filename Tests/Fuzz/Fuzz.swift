// What reads what strangers write: lines of lists, patterns, URLs, netrc files, responses. No input may crash it, and what it accepts
// must mean the same when it is read again. Built by Scripts/fuzz with libFuzzer (https://llvm.org/docs/LibFuzzer.html).

import FetchFormats
import FetchKit
import Glibc

private let template = {
    setlocale(LC_CTYPE, "C.UTF-8")
    return RequestTemplate()
}()

/// The first byte says which reader gets the rest; those above 127 are all for responses, so that older inputs keep their readers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    if start[0] >= 128 {
        exchange(bytes, start[0])
        return 0
    }
    switch start[0] % 8 {
    case 0: normalize(bytes)
    case 1: readLines(bytes)
    case 2: expand(bytes)
    case 3: _ = try? Netrc(bytes).credentials(for: "host")
    case 4: name(bytes)
    case 5: dechunk(bytes)
    case 6: _ = SURT.key(of: String(decoding: bytes, as: UTF8.self))
    default:
        _ =
            FormData(
                [.data(String(decoding: bytes, as: UTF8.self)), .urlEncoded(String(decoding: bytes, as: UTF8.self))], read: { _ in [] }
            ).bytes
    }
    return 0
}

/// The normal form is a normal form: plain ASCII, one of our schemes, and itself when it is read again.
private func normalize(_ bytes: [UInt8]) {
    guard let url = try? HTTPURL(bytes: bytes) else { return }
    let text = url.absoluteString
    require(text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }, "a control byte in \(text)")
    require(["http", "https"].contains(url.scheme), "scheme of \(text)")
    require(!url.host.isEmpty, "no host in \(text)")
    guard let again = try? HTTPURL(text) else { fatalError("cannot be read again: \(text)") }
    require(again == url, "\(text) becomes \(again.absoluteString)")
    require(!url.hasCredentials || url.description.utf8.contains(UInt8(ascii: "*")), "credentials are shown")
    // A relative reference must lead somewhere of ours, or nowhere.
    if let target = try? url.resolving(location: bytes) { require(["http", "https"].contains(target.scheme)) }
}

/// Every line that is not blank and no comment is one candidate.
private func readLines(_ bytes: [UInt8]) {
    var splitter = LineSplitter()
    var lines = RequestLine(template: template, file: "list")
    var number = 0
    let take = { (line: LineSplitter.Line) in
        number += 1
        guard let candidate = lines.candidate(line, number: number) else { return }
        switch candidate {
        case .request(let request): require(request.source?.line == number || request.source == nil)
        case .rejected(let input): require(!input.reason.isEmpty && input.source?.line == number)
        }
    }
    // In two blocks, so that a line may be cut.
    splitter.split(bytes[..<(bytes.count / 2)], take)
    splitter.split(bytes[(bytes.count / 2)...], take)
    splitter.end(take)
    require(number <= bytes.count + 1)
}

private func expand(_ bytes: [UInt8]) {
    splitWords(String(decoding: bytes, as: UTF8.self))
    guard var glob = try? Glob(String(decoding: bytes, as: UTF8.self)) else { return }
    var count = 0
    while count < 100, glob.next() != nil { count += 1 }
    require(Double(count) == min(100, glob.total), "\(count) of \(glob.total)")
}

/// The words of a command are the same when they are all quoted.
private func splitWords(_ text: String) {
    guard let shell = try? ShellWords(text) else { return }
    for words in shell.commands {
        let quoted = words.map { "'\($0.replacing("'", with: "'\\''"))'" }.joined(separator: " ")
        // A line end of two bytes is one outside of quotes and in them.
        require((try? ShellWords(quoted))?.commands == [words.map { $0.replacing("\r\n", with: "\n") }], text)
    }
}

/// Whatever a file is to be called, it stays below its directory, and a safe name is safe as it is.
private func name(_ bytes: [UInt8]) {
    let rules = NameRules()
    let parts = NameParts(index: 7, id: nil, url: String(decoding: bytes, as: UTF8.self), bodyHash: [3])
    let template = (try? NameTemplate(String(decoding: bytes, as: UTF8.self))) ?? .default
    for text in [bytes, template.render(parts, rules), NameTemplate.default.render(parts, rules)] {
        let path = rules.path(for: text)
        require(
            path.components.allSatisfy { !["", ".", ".."].contains($0) && $0.utf8.count <= 255 && !$0.contains("/") }, path.description)
        require(path.description.utf8.count <= 1400 && path.description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, path.description)
        require(rules.path(for: path.description).description.utf8.elementsEqual(path.description.utf8), path.description)
    }
}

/// Chunks mean the same however they come.
private func dechunk(_ bytes: [UInt8]) {
    var (whole, cut) = (ChunkedDecoder(), ChunkedDecoder())
    var results: [[UInt8]] = [[], []]
    bytes.withUnsafeBytes { bytes in
        whole.decode(bytes) { results[0] += $0 }
        for byte in bytes.indices { cut.decode(UnsafeRawBufferPointer(rebasing: bytes[byte...byte])) { results[1] += $0 } }
    }
    require(results[0] == results[1] && whole.state == cut.state && results[0].count <= bytes.count)
}

/// A response has the same verdict and the same body however its bytes are cut, and whether the sink takes them at once or not. `choice`
/// says what was asked for. The head ends at the first empty line after a final status; the rest is the body.
private func exchange(_ bytes: [UInt8], _ choice: UInt8) {
    var rules = TransferRules()
    rules.isHashed = true
    rules.recordsWire = choice & 1 != 0
    rules.offersGzip = choice & 2 != 0
    rules.followsRedirects = choice & 4 != 0
    rules.isHead = choice & 24 == 24
    if choice & 24 == 8 { (rules.asksForRange, rules.resumption) = (true, Request.Resumption(offset: 5, validator: nil)) }
    if choice & 24 == 16 { rules.maxSize = 300 }
    let end: TransferState.End = choice & 32 != 0 ? .success(stream: choice & 64 != 0 ? .end : .reset) : .success(stream: nil)
    let whole = Exchange(bytes, rules, piece: bytes.count, isPatient: false, end)
    for (piece, isPatient) in [(1, false), (bytes.count, true), (3, true)] {
        let cut = Exchange(bytes, rules, piece: piece, isPatient: isPatient, end)
        // Of a body that is cut short, what still waits for room is not decoded any more: its defects do not come out.
        let hasSameError = isPatient ? (whole.verdict.error == nil) == (cut.verdict.error == nil) : whole.verdict.error == cut.verdict.error
        require(hasSameError, "\(whole.verdict) or \(cut.verdict)")
        // How much came before an error is a matter of the cuts.
        guard whole.verdict.error == nil else { continue }
        require(whole.verdict == cut.verdict && whole.sink.bytes == cut.sink.bytes, "\(whole.verdict) or \(cut.verdict)")
    }
}

/// One run of a response through the state machine.
private struct Exchange: ~Copyable {
    /// Where `isPatient`, it is full after each piece until there is room again.
    struct Sink: BodySink {
        let isPatient: Bool
        var bytes: [UInt8] = []
        var isFull = false

        mutating func append(_ piece: UnsafeRawBufferPointer) {
            bytes += piece
            isFull = isPatient
        }
    }

    private var state: TransferState
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 61, alignment: 1)
    private(set) var sink: Sink
    var verdict: TransferState.Verdict { state.verdict! }

    init(_ bytes: [UInt8], _ rules: TransferRules, piece: Int, isPatient: Bool, _ end: TransferState.End) {
        defer { scratch.deallocate() }
        state = TransferState(rules)
        sink = Sink(isPatient: isPatient)
        var rest = bytes[...]
        var answer = TransferState.Answer.take
        while answer == .take, state.response == nil, !rest.isEmpty {
            let line = rest.prefix(through: rest.firstIndex(of: 10) ?? rest.endIndex - 1)
            rest = rest[line.endIndex...]
            answer = line.withUnsafeBytes { state.receiveHead($0) }
            if state.reached == .head, state.response == nil { break }
        }
        while answer != .abort, !rest.isEmpty {
            answer = rest.prefix(piece).withUnsafeBytes { state.receiveBody($0, into: &sink, scratch: scratch) }
            if answer == .take { rest = rest.dropFirst(piece) } else { makeRoom() }
        }
        state.end(answer == .abort ? .failure(FetchError(.internal, "stopped")) : end)
        while state.verdict == nil { makeRoom() }
        require(verdict.error?.kind != .internal, "stopped without a reason")
    }

    private mutating func makeRoom() {
        sink.isFull = false
        state.resume(into: &sink, scratch: scratch)
    }
}

/// Unlike `precondition` it speaks in a release build, too.
private func require(_ isTrue: Bool, _ message: @autoclosure () -> String = "a promise is broken") {
    if !isTrue { fatalError(message()) }
}
