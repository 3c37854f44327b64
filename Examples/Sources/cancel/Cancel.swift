// The first good answer wins; the other transfers are cancelled with their task, and their connections closed.
//
//     swift run cancel https://mirror-a.example/file https://mirror-b.example/file
import FetchKit

@main struct Cancel {
    static func main() async throws {
        let requests = try CommandLine.arguments.dropFirst().map { try Request($0) }
        let fetcher = Fetcher()
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for request in requests {
                group.addTask { try await fetcher.fetch(request) }
            }
            for try await outcome in group {
                // What is cancelled is an outcome like any other: a call that was made always returns.
                print(outcome.error.map { "\($0.kind.rawValue)" } ?? "\(outcome.body.count) bytes", outcome.text)
                if outcome.isOK { group.cancelAll() }
            }
        }
        await fetcher.close()
    }
}
