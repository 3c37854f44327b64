// --format tar: a pax archive (POSIX.1-2001), so that `fetch ... --format tar | tar x` leaves the bodies in files.
//
// All that is known of an outcome stands in the pax record "comment" of its entry, as the JSON object of jsonl without the body:
// GNU tar warns about keywords that it does not know, "comment" is the one that all programs pass over. Outcomes without a body are
// entries as well, so that the archive has one for each outcome: the directory of their host, of which nothing is left when it is
// extracted but the directory. A global pax header would leave nothing at all, but bsdtar takes no two of them in a row, and
// Python none at the end.

import FetchKit

extension Format {
    static let tar = Format("tar", refusesTerminal: true, options: [.entryNames]) { TarFormat($0) }
}

/// A tar archive.
struct TarFormat: OutcomeFormat {
    private let template: NameTemplate
    private let rules: NameRules
    /// There may be more than one entry, and two of them may want the same name.
    private let isNumbered: Bool
    private let clock: @Sendable () -> Int64
    let needs: FormatNeeds

    /// Two blocks of zeros end an archive.
    let trailer = [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)

    init(_ settings: FormatSettings) {
        // The default is what wget does.
        template = settings.entryNames ?? .default
        rules = settings.nameRules
        isNumbered = settings.isOneOfSeveral && !template.isUnique
        clock = settings.clock
        needs = FormatNeeds(bodies: settings.bodies, hashes: template.needsBody)
    }

    func encode(_ record: Record, into outlets: Outlets) throws -> Remark? {
        let outcome = record.outcome
        let name = record.body == nil ? TarName.folder(outcome, rules) : TarName.file(outcome, template, rules, isNumbered: isNumbered)
        var headers = ByteBuffer(capacity: 8 << 10)
        TarHeader.append(name: name, size: record.body?.count, time: time(of: outcome), comment: Self.comment(record), to: &headers)
        try outlets.stream.write(headers)
        guard let body = record.body else { return nil }
        try outlets.stream.write(body)
        let padding = TarHeader.padding(body.count)
        if padding > 0 { try outlets.stream.write([UInt8](repeating: 0, count: padding)) }
        return nil
    }

    /// When the body was changed if the server says so, else when it was asked for, in seconds since 1970.
    private func time(of outcome: Outcome) -> Int {
        outcome.response?.lastModified ?? Int((outcome.hops.first?.startedAt ?? clock()) / 1_000_000)
    }

    private static func comment(_ record: Record) -> ByteBuffer {
        let object = object(record, hasHeaders: true)
        // bsdtar refuses a special header of a megabyte, and a server can send headers that make one.
        if object.count > 512 << 10 { return self.object(record, hasHeaders: false) }
        return object
    }

    private static func object(_ record: Record, hasHeaders: Bool) -> ByteBuffer {
        var json = JSONWriter()
        json.object { json in
            for fact in Fact.all {
                let value = fact.value(record)
                if case .headers = value, !hasHeaders { json.addNull(fact.name) } else { json.add(fact.name, value) }
            }
            json.addNull("body")
            json.addNull("body_base64")
            json.add(Fact.afterBody, of: record)
        }
        return json.finish()
    }
}
