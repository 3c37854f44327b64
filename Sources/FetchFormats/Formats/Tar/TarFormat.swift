// --format tar: a pax archive (POSIX.1-2001), so that `fetch ... --format tar | tar x` leaves the bodies in files.
//
// All that is known of an outcome stands in the pax record "comment" of its entry, as the JSON object of jsonl without the body:
// GNU tar warns about keywords that it does not know, "comment" is the one that all programs pass over. Outcomes without a body are
// entries as well, so that the archive has one for each outcome: the directory of their host, of which nothing is left when it is
// extracted but the directory. A global pax header would leave nothing at all, but bsdtar takes no two of them in a row, and
// Python none at the end.

import FetchKit
import Glibc

/// A tar archive.
package struct TarFormat: OutcomeFormat {
    /// Also bodies of responses with status 400 and above.
    let includesFailed: Bool
    /// Nil: as wget does.
    let template: NameTemplate?
    /// There may be more than one entry, and two of them may want the same name.
    let isOneOfSeveral: Bool

    package init(includesFailed: Bool, template: NameTemplate?, isOneOfSeveral: Bool) {
        self.includesFailed = includesFailed
        self.template = template
        self.isOneOfSeveral = isOneOfSeveral
    }

    /// Two blocks of zeros end an archive.
    package let trailer = [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)

    package func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? {
        let outcome = record.outcome
        let hasBody = outcome.isOK || (includesFailed && outcome.error?.kind == .http)
        let name =
            hasBody
            ? TarName.file(outcome, template ?? .default, isNumbered: isOneOfSeveral && !(template?.isUnique ?? false))
            : TarName.folder(outcome)
        let header = TarHeader(
            name: name, size: hasBody ? outcome.body.count : nil, time: Self.time(of: outcome), comment: Self.comment(record))
        try sink.write(header.bytes)
        guard hasBody else { return nil }
        try sink.write(outcome.body)
        let padding = TarHeader.padding(outcome.body.count)
        if padding > 0 { try sink.write([UInt8](repeating: 0, count: padding)) }
        return nil
    }

    /// When the body was changed if the server says so, else when it was asked for, in seconds since 1970.
    private static func time(of outcome: Outcome) -> Int {
        let modified = outcome.response?.values(of: "last-modified").first.flatMap { httpDate(String(decoding: $0, as: UTF8.self)) }
        return modified ?? outcome.hops.first.map { Int($0.startedAt / 1_000_000) } ?? Glibc.time(nil)
    }

    private static func comment(_ record: Record) -> [UInt8] {
        let object = object(record, hasHeaders: true)
        // bsdtar refuses a special header of a megabyte, and a server can send headers that make one.
        return object.count <= 512 << 10 ? object : self.object(record, hasHeaders: false)
    }

    private static func object(_ record: Record, hasHeaders: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            for key in Key.all {
                let fact = key.fact(record)
                if case .headers = fact, !hasHeaders { json.addNull(key.name) } else { json.add(key.name, fact) }
            }
            json.addNull("body")
            json.addNull("body_base64")
            json.add(Key.afterBody, of: record)
        }
        return json.bytes
    }
}
