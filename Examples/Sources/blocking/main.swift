// The same as gather in a program that knows no await: the thread waits instead.
//
//     swift run blocking https://example.com https://www.swift.org
import FetchKit

let fetcher = Fetcher()
let requests = try CommandLine.arguments.dropFirst().map { try Request($0) }
for outcome in try fetcher.runBlocking({ try await $0.gather(requests) }) {
    print(outcome.text, outcome.error?.message ?? "\(outcome.body.count) bytes")
}
fetcher.runBlocking { await $0.close() }
