// A receiver of one's own: each body goes to a file named by its place in the list, and large ones do so while they arrive.
//
//     swift run receiver FOLDER https://example.com/image.iso https://example.com
import FetchKit
import Foundation

/// Writes bodies to files. While it writes, the run waits: that is the back-pressure.
actor Folder: OutcomeReceiver {
    private let folder: URL
    /// Bodies that stream, by the index of their outcome.
    private var files: [Int: FileHandle] = [:]

    init(_ path: String) throws {
        folder = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// A whole body, or a failure.
    func receive(_ outcome: consuming Outcome) async throws {
        guard outcome.isOK else { return report(outcome) }
        try Data(outcome.body.bytes()).write(to: path(outcome.index, "body"))
        report(outcome)
    }

    /// A body outgrew memory. When it is tried again, this is called again, and it comes from its start.
    func beginBody(of outcome: Outcome) async throws {
        let part = path(outcome.index, "part")
        try Data().write(to: part)
        files[outcome.index] = try FileHandle(forWritingTo: part)
    }

    func receivePart(_ part: Body, ofBodyAt index: Int) async throws {
        try part.forEachPiece { try files[index]!.write(contentsOf: $0) }
    }

    /// Only now it is known whether the body is whole.
    func endBody(of outcome: Outcome) async throws {
        try files.removeValue(forKey: outcome.index)?.close()
        let part = path(outcome.index, "part")
        if outcome.isOK {
            // rename(2) takes the place of a file that is there already.
            guard rename(part.path, path(outcome.index, "body").path) == 0 else {
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
        } else {
            try FileManager.default.removeItem(at: part)
        }
        report(outcome)
    }

    private func path(_ index: Int, _ ending: String) -> URL { folder.appendingPathComponent("\(index).\(ending)") }

    private func report(_ outcome: Outcome) {
        print(outcome.index, outcome.error?.message ?? "\(outcome.sum(\.bytesDelivered)) bytes", outcome.text)
    }
}

@main struct Receiver {
    static func main() async throws {
        guard CommandLine.arguments.count > 2 else { fatalError("usage: receiver FOLDER URL ...") }
        let requests = try CommandLine.arguments.dropFirst(2).map { try Request($0) }

        var configuration = Configuration()
        configuration.bodies.kept = .successful
        configuration.bodies.streaming = .independently
        let fetcher = Fetcher(configuration)
        let report = try await fetcher.run(RequestList(requests), into: Folder(CommandLine.arguments[1]))
        await fetcher.close()
        print("\(report.outcomeCount - report.failureCount) of \(report.outcomeCount) saved")
    }
}
