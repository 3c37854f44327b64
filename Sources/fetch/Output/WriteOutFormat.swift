// -w: text behind each record of another format, on standard output or wherever the template says.

import FetchFormats
import FetchKit
import Glibc

/// Another format, with the text behind each of its records.
struct WriteOutFormat: OutcomeFormat {
    private let template: WriteOut
    private let base: any OutcomeFormat
    /// Standard output is a terminal.
    private let isTerminal: Bool
    private let files: [DescriptorWriter]
    /// Standard output, where the stream is a file.
    private let standardOutput: DescriptorWriter?
    private let errors = DescriptorWriter(STDERR_FILENO, name: "standard error")
    private let areErrorsOnTerminal = isatty(STDERR_FILENO) == 1

    /// `isFile` says that the stream goes elsewhere than to standard output.
    init(_ template: WriteOut, files: [OutputTarget], base: any OutcomeFormat, isFile: Bool, isTerminal: Bool) {
        standardOutput = isFile ? DescriptorWriter(.standardOutput) : nil
        self.template = template
        self.base = base
        self.isTerminal = isTerminal
        self.files = files.map { DescriptorWriter($0) }
    }

    var head: [UInt8] { base.head }
    var separator: [UInt8] { base.separator }
    var trailer: [UInt8] { base.trailer }
    var streams: Bool { base.streams }

    func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        let remark = try base.encode(record, into: sink)
        try write(record, into: sink)
        return remark
    }

    func encodeStart(_ record: Record, into sink: any ByteSink) throws {
        try base.encodeStart(record, into: sink)
    }

    func encodeEnd(_ record: Record, into sink: any ByteSink) throws {
        try base.encodeEnd(record, into: sink)
        try write(record, into: sink)
    }

    func flush() throws {
        try base.flush()
        for file in files { try file.flush() }
        try standardOutput?.flush()
    }

    func finish() throws {
        try base.finish()
        for file in files { try file.close() }
        try standardOutput?.flush()
    }

    private func write(_ record: Record, into sink: any ByteSink) throws {
        var text = WriteOutText(isTerminal: isTerminal)
        var target = WriteOut.Target.standardOutput
        for segment in template.segments {
            switch segment {
            case .target(let next):
                try send(text.bytes, to: target, sink)
                target = next
                text = WriteOutText(isTerminal: isShown(next))
            case .onError where record.outcome.isOK: return try send(text.bytes, to: target, sink)
            default: text.append(segment, record)
            }
        }
        try send(text.bytes, to: target, sink)
    }

    private func isShown(_ target: WriteOut.Target) -> Bool {
        switch target {
        case .standardOutput: isTerminal
        case .standardError: areErrorsOnTerminal
        case .file: false
        }
    }

    private func send(_ bytes: [UInt8], to target: WriteOut.Target, _ sink: any ByteSink) throws {
        guard !bytes.isEmpty else { return }
        switch target {
        case .standardOutput:
            if let standardOutput { try standardOutput.write(bytes) } else { try sink.write(bytes) }
        case .file(let number): try files[number].write(bytes)
        case .standardError:
            // As with every other line for people: when nobody can read it, the run goes on.
            try? errors.write(bytes)
            try? errors.flush()
        }
    }
}
