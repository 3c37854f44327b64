import Foundation
import Support
import Testing

@testable import FetchKit

@Suite("Request bodies") struct RequestBodyTests {
    private let server: Server
    /// 5 MB that no piece of can be taken for another.
    private static let data: [UInt8] = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }

    init() throws { server = try Server.faults.get() }

    /// A new file with that content.
    private func file(_ bytes: [UInt8]) throws -> String {
        let path = Paths.temporary("body-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func request(_ path: String, _ method: String, _ body: RequestBody) throws -> Request {
        var request = try Request("\(server.url)/\(path)")
        request.method = method
        request.body = body
        return request
    }

    private func outcome(of request: Request, _ configuration: Configuration = Configuration()) async throws -> Outcome {
        try await Fetcher(configuration).gather([request])[0]
    }

    /// What `/received` says of `bytes`.
    private func receipt(_ method: String, _ bytes: [UInt8] = data) -> String {
        let hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return "\(method) \(bytes.count) \(hexadecimal(hash.finish()))\n"
    }

    private func text(_ outcome: Outcome) throws -> String { String(decoding: try outcome.body.bytes(), as: UTF8.self) }

    @Test("Arrive whole, from memory and from a file", arguments: ["POST", "PUT", "PATCH"]) func whole(method: String) async throws {
        let half = Self.data.count / 2
        let halves = RequestBody.joined([.bytes(Array(Self.data[..<half])), try .file(try file(Array(Self.data[half...])))])
        for body in [.bytes(Self.data), try .file(try file(Self.data)), halves] {
            #expect(body.count == 5_000_000)
            let outcome = try await outcome(of: try request("received", method, body))
            #expect(outcome.isOK && outcome.hops[0].bytesUploaded == 5_000_000)
            #expect(try text(outcome) == receipt(method))
        }
    }

    @Test("Are sent without delay and with their length, or in chunks when asked to") func head() async throws {
        let path = try file(Array("from a file".utf8))
        var request = try request("echo", "POST", try .file(path))
        let plain = try text(try await outcome(of: request))
        #expect(plain.contains("Content-Length: 11\r\n") && plain.hasSuffix("\r\n\r\nfrom a file"))
        #expect(!plain.contains("Expect") && !plain.contains("Content-Type"))
        request.headers = [HeaderField("Content-Length", "10")]
        #expect(request.defect == "Content-Length is not the length of the body, 11")
        request.headers = [HeaderField("Content-Length", "11")]
        #expect(request.defect == nil)
        var chunked = try Request("\(try Server.httpbin.get().url)/anything")
        (chunked.method, chunked.body) = ("POST", try .file(path))
        chunked.headers = [HeaderField("Transfer-Encoding", "chunked"), HeaderField("Content-Type", "text/plain")]
        let answer = try JSONSerialization.jsonObject(with: Data(try await outcome(of: chunked).body.bytes())) as? [String: Any]
        #expect(answer?["data"] as? String == "from a file")
        #expect((answer?["headers"] as? [String: String])?["Content-Length"] == nil)
    }

    @Test("An empty one is one all the same") func empty() async throws {
        for body: RequestBody in [[], try .file(try file([]))] {
            #expect(body.count == 0)
            let echo = try text(try await outcome(of: try request("echo", "POST", body)))
            #expect(echo.hasPrefix("POST ") && echo.contains("Content-Length: 0\r\n"))
        }
    }

    @Test("One handle sends files, bytes and nothing in turn") func turns() async throws {
        let path = try file(Self.data)
        var requests: [Request] = []
        for number in 0..<4 {
            requests.append(try request("received", "POST", try .file(path)))
            requests.append(try request("received", "PUT", .bytes([UInt8(number)])))
            requests.append(try Request("\(server.url)/received"))
            requests.append(try request("received", "POST", try .file(try file([1, 2, 3]))))
        }
        var configuration = Configuration()
        configuration.limits.concurrency = 1
        let outcomes = try await Fetcher(configuration).gather(requests)
        for (position, outcome) in outcomes.enumerated() {
            let number = UInt8(position / 4)
            #expect(
                try text(outcome)
                    == [receipt("POST"), receipt("PUT", [number]), receipt("GET", []), receipt("POST", [1, 2, 3])][position % 4])
        }
    }

    @Test("A retry sends a file from its beginning", arguments: ["503", "reset", "empty", "short-body"]) func retry(how: String)
        async throws
    {
        let body = try RequestBody.file(try file(Self.data))
        var configuration = Configuration()
        configuration.retry.delay = .milliseconds(1)
        let outcome = try await outcome(
            of: try request("flaky?key=\(UUID().uuidString)&times=2&how=\(how)&then=received", "PUT", body), configuration)
        #expect(outcome.isOK && outcome.retryCount == 2)
        #expect(try text(outcome) == receipt("PUT"))
    }

    @Test("So does libcurl itself when a connection that it reuses is gone") func lostConnection() async throws {
        // One of its own: the connection must be that of the request before.
        let server = try Server.scripted()
        var put = try Request("\(server.url)/")
        (put.method, put.body) = ("PUT", try .file(try file(Self.data)))
        var configuration = Configuration()
        configuration.limits.concurrency = 1
        for how in ["empty", "reset"] {
            put.url = try HTTPURL("\(server.url)/flaky?key=\(how)&how=\(how)&then=received")
            let outcomes = try await Fetcher(configuration).gather([try Request("\(server.url)/ok"), put])
            #expect(outcomes.allSatisfy { $0.isOK } && outcomes[1].retryCount == 0)
            #expect(try text(outcomes[1]) == receipt("PUT"))
        }
    }

    @Test("A redirect that keeps the content sends it again, another one does not", arguments: [307, 308, 303])
    func redirect(code: Int) async throws {
        let outcome = try await outcome(
            of: try request("redirect?code=\(code)&to=/received", "POST", try .file(try file(Self.data))))
        #expect(outcome.isOK && outcome.hops.count == 2)
        #expect(try text(outcome) == (code == 303 ? receipt("GET", []) : receipt("POST")))
    }

    @Test("The answer to a challenge sends a file whole") func challenge() async throws {
        for body in [try RequestBody.file(try file(Self.data)), .bytes(Self.data)] {
            var request = try request("challenge", "POST", body)
            request.credentials = Credentials(user: "u", password: "p", scheme: .digest)
            let outcome = try await outcome(of: request)
            #expect(try outcome.isOK && outcome.body.bytes().suffix(Self.data.count).elementsEqual(Self.data))
        }
    }

    @Test("Whatever is spoken, a file arrives whole", arguments: ["1.1", "2", "3"]) func versions(version: String) async throws {
        // The libcurl of this process may have no HTTP/3.
        if version == "3" && !CurlLibrary.current.has("HTTP3") { return }
        var configuration = Configuration()
        configuration.tls.verifiesCertificates = false
        configuration.http.version = version == "3" ? .http3 : version == "2" ? .http2 : .http1_1
        let server = try (version == "3" ? Server.http3 : version == "2" ? Server.http2 : Server.tlsFaults).get()
        for body in [try RequestBody.file(try file(Self.data)), .bytes(Self.data)] {
            var request = try Request("\(server.url)/received")
            (request.method, request.body) = ("PUT", body)
            let outcome = try await outcome(of: request, configuration)
            #expect(outcome.response?.httpVersion == version)
            #expect(try text(outcome) == receipt("PUT"))
        }
    }

    @Test("Only a regular file that may be read can be sent") func unusable() throws {
        let folder = Paths.temporary("bodies-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let pipe = folder.appendingPathComponent("pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)
        for (path, reason) in [
            (folder.path, "not a regular file"), (pipe, "not a regular file"), ("/dev/zero", "not a regular file"),
            (folder.appendingPathComponent("none").path, "No such file or directory"),
        ] {
            let error = #expect(throws: RequestBody.UnusableFile.self) { try RequestBody.file(path) }
            #expect(error?.description == "cannot read \(path): \(reason)")
        }
    }

    @Test("A file that is no longer what it was fails the request, and it is not tried again") func changed() async throws {
        let changes: [(String) throws -> Void] = [
            { truncate($0, 4_999_999) }, { truncate($0, 5_000_001) }, { truncate($0, 0) }, { unlink($0) },
            {
                unlink($0)
                mkfifo($0, 0o600)
            },
        ]
        let server = try Server.scripted()
        for change in changes {
            let path = try file(Self.data)
            var request = try Request("\(server.url)/received")
            (request.method, request.body) = ("PUT", try .file(path))
            try change(path)
            // One that has a connection already, and one that has none.
            for requests in [[request], [try Request("\(server.url)/ok"), request]] {
                var configuration = Configuration()
                configuration.limits.concurrency = 1
                let outcome = try await Fetcher(configuration).gather(requests).last!
                #expect(outcome.error?.kind == .localResource && outcome.error?.curlCode == 26 && outcome.retryCount == 0)
                #expect(outcome.error?.message.hasPrefix("cannot read \(path): ") == true)
            }
        }
        #expect(try await server.log().allSatisfy { $0.target == "/ok" })
    }

    @Test("A file whose length changes while it is sent fails the request", arguments: [0, 99_999_999, 100_000_001])
    func changing(length: Int) async throws {
        let path = try file([])
        truncate(path, 100_000_000)
        // When it has the head, all the rest cannot be on its way yet.
        let program = """
            import os, socket
            server = socket.create_server(("127.0.0.1", 0))
            print("port", server.getsockname()[1], flush=True)
            client, _ = server.accept()
            client.recv(100)
            os.truncate("\(path)", \(length))
            while client.recv(1 << 16): pass
            """
        let server = try Server.program(program)
        var request = try Request("\(server.url)/")
        (request.method, request.body) = ("POST", try .file(path))
        let outcome = try await outcome(of: request)
        #expect(outcome.error?.kind == .localResource && outcome.retryCount == 0)
        #expect(outcome.error?.message == "cannot read \(path): its length has changed; it was 100000000 bytes")
        #expect(throws: RequestBody.UnusableFile.self) { try request.body?.contents() }
    }

    @Test("A reader goes back, and never beyond the end") func reader() throws {
        guard case .pieces(let parts) = try RequestBody.file(try file(Array("0123456789".utf8))).storage else { return }
        let reader = try RequestBodyReader(parts)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
        defer { buffer.deallocate() }
        var pieces: [String] = []
        while case let count = try reader.read(into: buffer), count > 0 {
            pieces.append(String(decoding: buffer.prefix(count), as: UTF8.self))
        }
        #expect(pieces == ["0123", "4567", "89"])
        #expect(reader.seek(to: 3) && !reader.seek(to: 11) && !reader.seek(to: -1))
        #expect(try reader.read(into: buffer) == 4 && buffer.elementsEqual(Array("3456".utf8)))
    }

    @Test("Pieces are one body, and a reader finds every byte of it") func joined() throws {
        let (one, two) = (try RequestBody.file(try file(Array("abc".utf8))), try RequestBody.file(try file(Array("defgh".utf8))))
        let body = RequestBody.joined([.bytes(Array("<".utf8)), two, [], one, .bytes(Array(">".utf8))])
        #expect(try body.count == 10 && String(decoding: body.contents(), as: UTF8.self) == "<defghabc>")
        guard case .pieces(let parts) = body.storage else {
            Issue.record("there is a file in it")
            return
        }
        let reader = try RequestBodyReader(parts)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
        defer { buffer.deallocate() }
        for offset in 0...10 {
            #expect(reader.seek(to: Int64(offset)))
            var rest: [UInt8] = []
            while case let count = try reader.read(into: buffer), count > 0 { rest += buffer.prefix(count) }
            #expect(rest == Array("<defghabc>".utf8.dropFirst(offset)))
        }
        #expect(RequestBody.joined([[1, 2], [], [3]]) == [1, 2, 3] && RequestBody.joined([]).count == 0)
    }

    @Test("A recording has what was sent, from memory and from a file") func recorded() async throws {
        var configuration = Configuration()
        configuration.recording = .requests
        for body in [RequestBody.bytes(Self.data), try .file(try file(Self.data))] {
            let outcome = try await outcome(of: try request("received", "POST", body), configuration)
            #expect(outcome.hops[0].exchange?.requestBody == Self.data)
        }
    }

    @Test("Every file is closed when its transfer is over") func descriptors() async throws {
        let path = try file(Self.data)
        var requests: [Request] = []
        for path in ["received", "status?code=404", "reset", "short-body", "redirect?code=307&to=/received"] {
            requests.append(try request(path, "PUT", try .file(self.file(Self.data))))
        }
        requests.append(try request("received", "PUT", try .file(path)))
        unlink(path)
        var configuration = Configuration()
        configuration.retry.limit = 0
        let outcomes = try await Fetcher(configuration).gather(requests)
        #expect(outcomes.map(\.error?.kind) == [nil, .http, .connect, .truncated, nil, .localResource])
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        let sent = requests.compactMap {
            if case .pieces(let pieces)? = $0.body?.storage, case .file(let file)? = pieces.first { file.path } else { nil }
        }
        #expect(open.allSatisfy { link in !sent.contains { link.hasPrefix($0) } })
    }

    @Test("Equal bodies are equal, others are not") func equality() throws {
        let path = try file([1, 2, 3])
        let body = try RequestBody.file(path)
        #expect(try RequestBody.file(path) == body && body != [1, 2, 3] && RequestBody.bytes([1, 2]) == [1, 2])
        #expect(try RequestBody.file(try file([1, 2, 3])) != body)
        try Data([1, 2]).write(to: URL(fileURLWithPath: path))
        #expect(try RequestBody.file(path) != body)
    }
}
