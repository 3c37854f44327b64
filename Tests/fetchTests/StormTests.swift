import Foundation
import Support
import Testing

@Suite("Storm") struct StormTests {
    /// How many of the 200 hosts do what: 40 refuse, 20 are busy at first, 20 drip, 10 cut bodies off, the others are well.
    private func url(_ server: Server, _ host: Int, _ number: Int) -> String {
        switch host % 20 {
        // Addresses past the server's own: nobody listens there.
        case 0..<4: "\(server.url(300 + host))/refused?i=\(number)"
        case 4, 5: "\(server.url(host))/busy?ms=1500&i=\(number)"
        case 6, 7: "\(server.url(host))/drip?n=5&ms=20&i=\(number)"
        case 8: "\(server.url(host))/short-body?i=\(number)"
        default: "\(server.url(host))/ok?n=100&i=\(number)"
        }
    }

    @Test("20,000 URLs on 200 hosts, a third of them bad: every URL has one outcome, and retries stay below a fifth") func storm()
        async throws
    {
        let server = try Server.scripted(addresses: 200)
        let urls = (0..<100).flatMap { number in (0..<200).map { url(server, $0, number) } }
        let run = try await Command.fetch(
            "--format=jsonl", "-j100", "--per-host=4", "--breaker-delay=200ms", "-s"
        ).run(stdin: urls.map { $0 + "\n" }.joined(), deadline: .seconds(600))
        let records = try run.records()
        #expect(run.status == 1 && records.count == 20_000)
        #expect(Set(records.compactMap { $0.int("index") }).count == 20_000)
        let byKind = Dictionary(grouping: records) { record in
            String(record.string("url")!.split(separator: "/").last!.prefix { $0 != "?" })
        }
        #expect(byKind["ok"]?.allSatisfy { $0.bool("ok") == true } == true && byKind["drip"]?.allSatisfy { $0.bool("ok") == true } == true)
        #expect(byKind["busy"]?.filter { $0.bool("ok") == true }.count ?? 0 >= 1800)
        #expect(byKind["short-body"]?.allSatisfy { $0.string("error") == "truncated" } == true)
        let refused = byKind["refused"] ?? []
        #expect(refused.allSatisfy { ["connect", "host_down"].contains($0.string("error")) })
        // Dead hosts cost a handful of attempts each, not one for each URL.
        #expect(refused.count == 4000 && refused.count { $0.string("error") == "connect" } <= 40 * 16)
        #expect(records.compactMap { $0.int("num_retries") }.reduce(0, +) <= 4000)
        // Only hosts whose server is done when the client is.
        let most = try await server.mostOfHosts()
        for host in 0..<200 where host % 20 > 8 { #expect(most["127.0.1.\(1 + host)", default: 99] <= 4) }
    }
}
