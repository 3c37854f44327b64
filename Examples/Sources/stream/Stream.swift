// A million URLs. The list is made while it is fetched and no outcome is kept, so that the memory is that of the transfers at once.
//
//     swift run -c release stream http://localhost:8080/page/ 1000000
import FetchKit

@main struct Stream {
    static func main() async throws {
        guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]) else { fatalError("usage: stream PREFIX COUNT") }
        let prefix = try HTTPURL(CommandLine.arguments[1]).absoluteString

        var configuration = Configuration()
        configuration.limits.concurrency = 256
        configuration.limits.perHost = 64
        configuration.bodies.kept = .none
        let fetcher = Fetcher(configuration)

        var statuses: [Int: Int] = [:]
        var bytes: Int64 = 0
        for try await outcome in fetcher.outcomes(of: pages(prefix, count)) {
            statuses[outcome.response?.statusCode ?? 0, default: 0] += 1
            bytes += outcome.sum(\.bytesDelivered)
        }
        for (status, count) in statuses.sorted(by: { $0.key < $1.key }) { print("\(status == 0 ? "no response" : "\(status)"): \(count)") }
        print("\(bytes) bytes")
        await fetcher.close()
    }

    /// A lazy sequence: an element is made when there is room for it. What a URL and digits make is a URL.
    private static func pages(_ prefix: String, _ count: Int) -> some RequestSource {
        RequestList((0..<count).lazy.map { try! Request("\(prefix)\($0)") })
    }
}
