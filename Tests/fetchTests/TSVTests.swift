import Foundation
import Support
import Testing

@Suite("Format tsv") struct TSVTests {
    @Test("Has a line of names, and a line for every outcome, with the values of jsonl") func values() async throws {
        let server = try Server.faults.get()
        let urls = ["/text?s=tab%09back%5Cslash%0D%0Aend", "/text?s=%00", "/status?code=404", "/odd-headers"].map { "\(server.url)\($0)" }
        let list = (urls + ["no url \\t"]).joined(separator: "\n")
        let columns = "url,response_code,error,errormsg,header:content-type,body,body_base64"
        let run = try await Command.fetch("--format=tsv", "--ordered", "--columns=\(columns)").run(stdin: list)
        let records = try await Command.fetch("--format=jsonl", "--ordered").run(stdin: list).records()
        let lines = run.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == records.count + 2 && lines.last == "" && !run.text.contains("\r"))
        #expect(lines[0].replacing("\t", with: ",") == columns)
        for (line, record) in zip(lines.dropFirst(), records) {
            let values = line.split(separator: "\t", omittingEmptySubsequences: false).map { unescaped(String($0)) }
            try #require(values.count == 7)
            #expect(
                [values[0], values[2], values[3]] == [record.string("url"), record.string("error") ?? "", record.string("errormsg") ?? ""])
            #expect(values[1] == record.int("response_code").map(String.init) ?? "")
            #expect(values[6].isEmpty ? values[5] == record.string("body") ?? "" : values[6] == "AA==")
        }
    }

    @Test("Has all facts that are a single value by default, and only columns that there are") func columns() async throws {
        let server = try Server.faults.get()
        var heads: [Substring] = []
        for format in ["csv", "tsv"] {
            heads.append(try await Command.fetch("--format=\(format)", "\(server.url)/ok").run().text.prefix { !$0.isNewline })
        }
        #expect(heads[0].replacing(",", with: "\t") == heads[1])
        let run = try await Command.fetch("--format=tsv", "--columns=nope", "\(server.url)/ok").run()
        #expect(run.status == 64 && run.errorText.contains("\"nope\""))
    }

    /// The value of a field, as PostgreSQL's COPY reads it.
    private func unescaped(_ field: String) -> String {
        let meanings: [Character: Character] = ["t": "\t", "n": "\n", "r": "\r", "\\": "\\"]
        var rest = field.unicodeScalars[...]
        var value = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let next = rest.popFirst(), let meaning = meanings[Character(next)] else {
                value.append(scalar)
                continue
            }
            value.append(contentsOf: meaning.unicodeScalars)
        }
        return String(value)
    }
}
