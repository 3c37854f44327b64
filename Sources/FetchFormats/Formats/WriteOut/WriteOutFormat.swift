// -w: text behind each record of another format, on standard output or wherever the template says.

import FetchKit

/// Another format, with the text behind each of its records.
struct WriteOutFormat: OutcomeFormat {
    private let template: WriteOut
    private let base: any OutcomeFormat
    private let settings: FormatSettings
    let needs: FormatNeeds

    init(_ template: WriteOut, base: any OutcomeFormat, _ settings: FormatSettings) {
        self.template = template
        self.base = base
        self.settings = settings
        var needs = base.needs
        needs.recording.formUnion(template.recording)
        needs.writes = true
        self.needs = needs
    }

    var separator: [UInt8] { base.separator }
    var trailer: [UInt8] { base.trailer }

    func encodeHead(into outlets: Outlets) throws { try base.encodeHead(into: outlets) }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        let remark = try base.encode(record, into: outlets)
        try write(record, into: outlets)
        return remark
    }

    func encodeBegin(_ record: Record, into outlets: Outlets) throws { try base.encodeBegin(record, into: outlets) }

    func encodeEnd(_ record: Record, into outlets: Outlets) throws {
        try base.encodeEnd(record, into: outlets)
        try write(record, into: outlets)
    }

    private func write(_ record: Record, into outlets: Outlets) throws {
        var target = WriteOut.Target.standardOutput
        var text = text(for: target)
        for segment in template.segments {
            switch segment {
            case .target(let next):
                try send(text.bytes, to: target, outlets)
                target = next
                text = self.text(for: next)
            case .onError where record.outcome.isOK: return try send(text.bytes, to: target, outlets)
            default: text.append(segment, record)
            }
        }
        try send(text.bytes, to: target, outlets)
    }

    private func text(for target: WriteOut.Target) -> WriteOutText {
        let isTerminal =
            switch target {
            case .standardOutput: settings.isOutputTerminal
            case .standardError: settings.isErrorTerminal
            case .file(let number): settings.areFilesTerminals[number]
            }
        return WriteOutText(isTerminal: isTerminal, clock: settings.clock)
    }

    private func send(_ bytes: [UInt8], to target: WriteOut.Target, _ outlets: Outlets) throws {
        guard !bytes.isEmpty else { return }
        switch target {
        case .standardOutput: try (outlets.standardOutput ?? outlets.stream).write(bytes)
        case .standardError: try outlets.standardError.write(bytes)
        case .file(let number): try outlets.files[number].write(bytes)
        }
    }
}
