import Testing

@testable import FetchKit

/// Runs rows through the state machine.
enum Exchanges {
    /// How the bytes of a body come.
    enum Cut: CaseIterable {
        case atOnce
        case atLineEnds
        case inThrees
        case byteByByte

        func pieces(of body: [UInt8]) -> [ArraySlice<UInt8>] {
            switch self {
            case .atOnce: body.isEmpty ? [] : [body[...]]
            case .byteByByte: body.indices.map { body[$0...$0] }
            case .inThrees: stride(from: 0, to: body.count, by: 3).map { body[$0..<min($0 + 3, body.count)] }
            case .atLineEnds:
                body.indices.filter { body[$0] == 10 }.map { $0 + 1 }.reduce(into: [body[...]]) { pieces, end in
                    let last = pieces.removeLast()
                    pieces += [last[..<end], last[end...]]
                }.filter { !$0.isEmpty }
            }
        }
    }

    /// Takes everything, or is full after each piece until there is room again.
    struct Sink: BodySink {
        let refuses: Bool
        var bytes: [UInt8] = []
        var isFull = false

        mutating func append(_ piece: UnsafeRawBufferPointer) {
            bytes += piece
            isFull = refuses
        }
    }

    struct Result: Equatable {
        var verdict: TransferState.Verdict
        var kept: [UInt8]
    }

    static func run(_ row: Row, _ cut: Cut, refuses: Bool, scratchSize: Int) -> Result? {
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchSize, alignment: 16)
        defer { scratch.deallocate() }
        var state = TransferState(row.rules)
        var sink = Sink(refuses: refuses)
        var isAborted = false
        var pauses = 0
        func makeRoom() -> Bool {
            sink.isFull = false
            state.resume(into: &sink, scratch: scratch)
            pauses += 1
            return pauses < 1_000_000
        }
        func receiveHead(_ lines: [[UInt8]]) {
            for line in lines where !isAborted { isAborted = line.withUnsafeBytes { state.receiveHead($0) } == .abort }
        }
        receiveHead(row.lines)
        body: for piece in cut.pieces(of: row.body) where !isAborted {
            while true {
                switch piece.withUnsafeBytes({ state.receiveBody($0, into: &sink, scratch: scratch) }) {
                case .take: continue body
                case .pause: guard makeRoom() else { return nil }
                case .abort:
                    isAborted = true
                    break body
                }
            }
        }
        receiveHead(row.trailers)
        state.end(isAborted ? .failure(FetchError(.internal, "the write callback said no")) : row.end)
        while state.verdict == nil { guard makeRoom() else { return nil } }
        return state.verdict.map { Result(verdict: $0, kept: sink.bytes) }
    }

    /// The same verdict and the same bytes, however the body is cut and whether the sink refuses it or not.
    static func check(_ row: Row, cuts: [Cut] = Cut.allCases, scratchSizes: [Int] = [7, 4096]) {
        for cut in cuts {
            for refuses in [false, true] {
                for scratchSize in scratchSizes {
                    guard let result = run(row, cut, refuses: refuses, scratchSize: scratchSize) else {
                        Issue.record("never ends: \(cut), refuses: \(refuses)")
                        continue
                    }
                    check(result, row, "\(cut), refuses: \(refuses), scratch: \(scratchSize)")
                }
            }
        }
    }

    private static func check(_ result: Result, _ row: Row, _ how: String) {
        let verdict = result.verdict
        #expect(verdict.location.map { String(decoding: $0, as: UTF8.self) } == row.location, "\(how)")
        #expect(verdict.isCutGzip == row.isCutGzip, "\(how)")
        switch row.expected {
        case .whole(let text): checkBody(result, row, text, isUnproved: false, how)
        case .unproved(let text): checkBody(result, row, text, isUnproved: true, how)
        case .error(let kind, let text):
            #expect(verdict.error?.kind == kind && !verdict.isLengthUnproved, "\(how): \(verdict.error?.message ?? "no error")")
            #expect(verdict.error?.message.contains(text) ?? false, "\(how): \(verdict.error?.message ?? "no error")")
        }
    }

    private static func checkBody(_ result: Result, _ row: Row, _ text: [UInt8]?, isUnproved: Bool, _ how: String) {
        let verdict = result.verdict
        let text = text ?? row.body
        #expect(verdict.error == nil && verdict.isLengthUnproved == isUnproved, "\(how): \(verdict.error?.message ?? "no error")")
        #expect(verdict.receivedBytes == row.body.count && verdict.deliveredBytes == text.count, "\(how)")
        #expect(row.rules.kept != .all || result.kept == (row.rules.recordsWire ? row.body : text), "\(how)")
        let hash = SHA256()
        text.withUnsafeBytes { hash.update($0) }
        #expect(verdict.hash == nil && row.rules.resumption != nil || verdict.hash == hash.finish(), "\(how)")
    }
}
