import Foundation
import Support
import Testing

@Suite("Lines of JSON") struct JSONLineTests {
    @Test("An id comes back as it was written, in records and names, and so does a number in a header") func ids() async throws {
        let server = try Server.faults.get()
        let ids = ["1234567890123456789", "-0", "1.0", "1e3", "0.1", "123456789012345678901234567890", "9007199254740993"]
        let lines = ids.map { #"{"url":"\#(server.url)/echo","id":\#($0),"headers":{"X-Number":\#($0)}}"# }
        let records = try await Command.fetch("--format=jsonl", "--ordered").run(stdin: lines.joined(separator: "\n")).records()
        #expect(records.map { $0.string("id") } == ids)
        for (record, id) in zip(records, ids) { #expect(record.string("body")?.contains("X-Number: \(id)\r\n") == true) }
        let scratch = Scratch()
        _ = try await Command.fetch("--output-dir", scratch.path, "--name", "{id}").run(stdin: lines[0])
        #expect(scratch.names() == [ids[0]])
        let bad = try await Command.fetch("--format=jsonl").run(stdin: #"{"url":"\#(server.url)/text","id":1,"id":2}"#).records()
        #expect(bad.map { $0.string("error") } == ["input"] && bad[0].string("errormsg")?.contains("twice") == true)
    }
}
