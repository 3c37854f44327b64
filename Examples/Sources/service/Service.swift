// An HTTP service whose handlers share one fetcher: connections, names and the limits of hosts hold over all of its clients' requests.
//
//     swift run service 8080
//     curl 'http://localhost:8080/get?url=https://example.com'
//     curl 'http://localhost:8080/check?url=https://example.com&url=https://www.swift.org'
import Dispatch
import FetchHTTPTypes
import FetchKit
import FlyingFox
import Foundation
import HTTPTypes

@main struct Service {
    static func main() async throws {
        guard CommandLine.arguments.count > 1, let port = UInt16(CommandLine.arguments[1]) else {
            fatalError("usage: service PORT [HOST ...]")
        }
        var configuration = Configuration()
        configuration.timeouts.total = .seconds(10)
        configuration.bodies.maxSize = 16 << 20
        // The URLs come from strangers: only public addresses are connected to, and the hosts that are named here.
        configuration.addressGuard = AddressGuard(blocksPrivate: true, allowedHosts: Set(CommandLine.arguments.dropFirst(2)))
        let fetcher = Fetcher(configuration)

        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled)
        await server.appendRoute("/get") { try await get($0, with: fetcher) }
        await server.appendRoute("/check") { try await check($0, with: fetcher) }

        // On SIGTERM: no new clients, then the ones that are there, then the fetcher.
        signal(SIGTERM, SIG_IGN)
        let termination = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        termination.setEventHandler { @Sendable in Task { await server.stop(timeout: 1) } }
        termination.resume()

        let serving = Task { try await server.run() }
        try await server.waitUntilListening()
        print("listening on port \(port)")
        fflush(nil)
        _ = await serving.result
        await fetcher.close()
        print("stopped")
    }

    /// One URL: its response goes on to the client.
    private static func get(_ request: FlyingFox.HTTPRequest, with fetcher: Fetcher) async throws -> FlyingFox.HTTPResponse {
        guard let text = request.query["url"], let wanted = try? Request(text) else { return answer(.badRequest, "which url?\n") }
        let outcome = try await fetcher.fetch(wanted)
        guard let response = outcome.response.map(HTTPTypes.HTTPResponse.init), outcome.isOK else {
            return answer(.badGateway, "\(outcome.error?.message ?? "no response")\n")
        }
        var headers = HTTPHeaders()
        // The body has no content coding any more, and this server frames it itself.
        headers[.contentType] = response.headerFields[.contentType]
        return FlyingFox.HTTPResponse(statusCode: .ok, headers: headers, body: Data(try outcome.body.bytes()))
    }

    /// Many URLs: one line for each, in the order of the query.
    private static func check(_ request: FlyingFox.HTTPRequest, with fetcher: Fetcher) async throws -> FlyingFox.HTTPResponse {
        let requests = request.query.filter { $0.name == "url" }.compactMap { try? Request($0.value) }
        let outcomes = try await fetcher.gather(requests)
        return answer(.ok, outcomes.map { "\($0.response?.statusCode ?? 0) \($0.error?.kind.rawValue ?? "ok") \($0.text)\n" }.joined())
    }

    private static func answer(_ status: HTTPStatusCode, _ text: String) -> FlyingFox.HTTPResponse {
        FlyingFox.HTTPResponse(statusCode: status, headers: [.contentType: "text/plain"], body: Data(text.utf8))
    }
}
