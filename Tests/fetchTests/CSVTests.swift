import Foundation
import Support
import Testing

@Suite("Format csv") struct CSVTests {
    private let server: Server
    private let nginx: Server

    init() throws {
        server = try Server.faults.get()
        nginx = try Server.nginx.get()
    }

    /// What Python's csv module reads, by name of the column.
    private func read(_ run: Completed) async throws -> [[String: String]] {
        let program =
            "import csv, io, json, sys; csv.field_size_limit(1 << 30); t = sys.stdin.buffer.read().decode('utf-8', 'strict'); "
            + "print(json.dumps(list(csv.DictReader(io.StringIO(t, newline=''), strict=True))))"
        let answer = try await Command(Paths.python, ["-c", program]).run(stdin: run.output)
        #expect(answer.status == 0, "\(answer.errorText)")
        return try JSONSerialization.jsonObject(with: answer.output) as? [[String: String]] ?? []
    }

    @Test("Has a header line, and a line for every outcome, with the values of jsonl") func values() async throws {
        let list = ["\(nginx.url)/text.txt", "\(nginx.url)/moved", "\(server.url)/status?code=404", "no, scheme"]
        let options = ["-s", "--ordered", "-HAccept-Encoding:"]
        let run = try await Command.fetch(options + ["--format=csv"]).run(stdin: list.joined(separator: "\n"))
        let rows = try await read(run)
        let records = try await Command.fetch(options + ["--format=jsonl"]).run(stdin: list.joined(separator: "\n")).records()
        #expect(rows.count == list.count && records.count == list.count)
        for (row, record) in zip(rows, records) {
            #expect(Set(row.keys) == Set(record.fields.keys).subtracting(["headers", "redirects", "body", "body_base64"]))
            for (key, value) in row where !key.hasPrefix("time_") && !["started_at", "speed_download", "num_connects"].contains(key) {
                switch record.fields[key] {
                case let text as String: #expect(value == text, "\(key)")
                case let number as NSNumber:
                    let isFlag = ["ok", "length_unproved", "tls_verified"].contains(key)
                    #expect(value == (isFlag ? (number.boolValue ? "true" : "false") : "\(number)"), "\(key)")
                default: #expect(value.isEmpty, "\(key)")
                }
            }
            for (key, value) in row where key.hasPrefix("time_") {
                #expect(value.isEmpty == record.isNull(key) && (value.isEmpty || value.contains(/^\d+\.\d{6}$/)), "\(key)")
            }
        }
        #expect(run.text.hasPrefix("index,id,input_file,") && run.text.hasSuffix("\r\n"))
    }

    @Test("Has the columns that were asked for, headers and bodies too") func columns() async throws {
        let run = try await Command.fetch(
            "--format=csv", "--ordered", "--columns=header:X-Twice,url,header:x-latin,header:X-QUOTE,header:x-bell,header:nope,body,sha256",
            "\(server.url)/odd-headers", "\(server.url)/text?s=a%22b%0D%0A,%22c%22"
        ).run()
        let rows = try await read(run)
        #expect(rows[0]["header:X-Twice"] == "1, 2" && rows[0]["header:x-latin"] == "caf\u{e9}" && rows[0]["header:nope"] == "")
        #expect(rows[0]["header:X-QUOTE"] == #""a\b""# && rows[0]["header:x-bell"] == "\u{7}\u{1b}[31m" && rows[0]["body"] == "ok")
        #expect(rows[1]["body"] == "a\"b\r\n,\"c\"")
        #expect(rows[0]["sha256"] == "2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df")
    }

    @Test("Has bodies as text or base64, also large ones, and none of failures") func bodies() async throws {
        let run = try await Command.fetch(
            "-s", "--format=csv", "--ordered", "--columns=body,body_base64", "\(server.url)/binary", "\(server.url)/text?s=a%00b",
            "\(server.url)/big?mb=3", "\(nginx.url)/40m", "\(server.url)/short-body", "\(server.url)/status?code=404"
        ).run()
        let rows = try await read(run)
        #expect(rows.map(\.count) == [2, 2, 2, 2, 2, 2])
        #expect(rows[0] == ["body": "", "body_base64": Data(0...255).base64EncodedString()])
        #expect(rows[1] == ["body": "", "body_base64": Data("a\0b".utf8).base64EncodedString()])
        #expect(rows[2]["body"]?.utf8.count == 3 << 20 && rows[2]["body_base64"] == "")
        #expect(Data(base64Encoded: rows[3]["body_base64"] ?? "")?.count == 40 << 20)
        #expect(rows[4] == ["body": "", "body_base64": ""] && rows[5] == ["body": "status 404\n", "body_base64": ""])
    }

    @Test("Goes into SQLite as it is") func sqlite() async throws {
        let database = Paths.temporary("csv.db").path
        let text = "one,%20%22two%22%0Athree%20%C3%A9"
        let urls = "\(server.url)/text?s=\(text) \(server.url)/status?code=404 \(nginx.url)/text.txt"
        let line =
            "$FETCH -s --ordered --format csv --columns url,response_code,time_total,body \(urls) "
            + #"| sqlite3 '\#(database)' '.import --csv /dev/stdin t' 'select quote(body), response_code from t order by rowid limit 2' "#
            + "'select count(*), sum(length(body)), sum(time_total > 0) from t'"
        let run = try await Command.shell(line).run()
        #expect(run.errors.isEmpty)
        #expect(run.text == "'one, \"two\"\nthree \u{e9}'|200\n'status 404\n'|404\n3|\(18 + 11 + 22000)|3\n")
    }

    @Test("One column without a value is still a line") func emptyColumn() async throws {
        let run = try await Command.fetch("--format=csv", "--columns=header:nope", "\(nginx.url)/small", "\(nginx.url)/small").run()
        #expect(run.text == "header:nope\r\n\"\"\r\n\"\"\r\n")
        let bodies = try await Command.fetch("--format=csv", "--columns=body", "\(server.url)/ok?n=0", "\(server.url)/ok?n=0").run()
        #expect(bodies.text == "body\r\n\"\"\r\n\"\"\r\n")
    }

    @Test("An unknown column is an error that names the known ones", arguments: ["nope", "header:", "header:a b", "URL"])
    func unknownColumn(name: String) async throws {
        let run = try await Command.fetch("--format=csv", "--columns=url,\(name)", "\(nginx.url)/small").run()
        #expect(run.status == 64 && run.output.isEmpty && run.errorText.contains("\"\(name)\""))
        for known in ["url_effective", "sha256", "header:NAME", "body_base64"] { #expect(run.errorText.contains(known)) }
    }
}
