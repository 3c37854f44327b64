// Many URLs at once, their outcomes in input order.
//
//     swift run gather https://example.com https://www.swift.org
import FetchKit

let fetcher = Fetcher()
let requests = try CommandLine.arguments.dropFirst().map { try Request($0) }
for outcome in try await fetcher.gather(requests) {
    print(outcome.text, outcome.error?.message ?? "\(outcome.body.count) bytes")
}
await fetcher.close()
