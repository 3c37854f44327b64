// The work of floor.c, done by FetchKit as other programs would call it: 64 at once, bodies counted by the engine and dropped.
//
//     library-bench outcomes LIST    one sequence of outcomes over the whole list
//     library-bench tasks LIST       64 tasks; each fetches one URL after the other
//
// The status is 0 if every URL of the list was fetched.

import FetchKit
import Glibc
import Synchronization

let concurrency = 64

guard CommandLine.arguments.count == 3 else { fail("usage: library-bench outcomes|tasks LIST") }
let urls = lines(of: CommandLine.arguments[2])

var configuration = Configuration()
configuration.limits.concurrency = concurrency
configuration.limits.perHost = concurrency
configuration.bodies.kept = .none
let fetcher = Fetcher(configuration)

let fetched =
    switch CommandLine.arguments[1] {
    case "outcomes": try await fetchAsSequence(urls, with: fetcher)
    case "tasks": try await fetchInTasks(urls, with: fetcher)
    default: fail("neither outcomes nor tasks: \(CommandLine.arguments[1])")
    }
await fetcher.close()
if fetched != urls.count { fail("\(fetched) of \(urls.count) fetched") }

/// Returns how many were fetched without an error.
@concurrent func fetchAsSequence(_ urls: [String], with fetcher: Fetcher) async throws -> Int {
    var fetched = 0
    for try await outcome in fetcher.outcomes(of: RequestList(urls.lazy.map(request))) where outcome.error == nil { fetched += 1 }
    return fetched
}

/// The tasks share the list: whoever is free takes the next URL.
@concurrent func fetchInTasks(_ urls: [String], with fetcher: Fetcher) async throws -> Int {
    let taken = Count()
    return try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<concurrency {
            group.addTask {
                var fetched = 0
                while true {
                    let index = taken.next()
                    guard index < urls.count else { return fetched }
                    if try await fetcher.fetch(request(urls[index])).error == nil { fetched += 1 }
                }
            }
        }
        return try await group.reduce(0, +)
    }
}

final class Count: Sendable {
    private let value = Atomic(0)

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}

func request(_ url: String) -> Request {
    do {
        return try Request(url)
    } catch {
        fail("\(url): \(error)")
    }
}

/// `readLine` knows only standard input.
func lines(of path: String) -> [String] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0, dup2(descriptor, STDIN_FILENO) >= 0 else { fail("cannot read \(path)") }
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    return lines
}

func fail(_ message: String) -> Never {
    _ = (message + "\n").withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(1)
}
