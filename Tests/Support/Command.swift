// Runs programs as a shell would: real descriptors, real signals, a deadline.

public import Foundation
import Synchronization

/// A program under test, or one that helps.
public struct Command: Sendable {
    public var executable: String
    public var arguments: [String]
    public var environment: [String: String] = [:]

    public init(_ executable: String, _ arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// The `fetch` that was built: the one that FETCH_BINARY names, else the one beside the tests.
    public static func fetch(_ arguments: String...) -> Command { fetch(arguments) }

    public static func fetch(_ arguments: [String]) -> Command { Command(fetchPath, arguments) }

    /// A line for the shell, in which $FETCH is the binary.
    public static func shell(_ line: String) -> Command { Command("/bin/bash", ["-c", "set -o pipefail\n" + line]) }

    public static let fetchPath: String = {
        if let path = ProcessInfo.processInfo.environment["FETCH_BINARY"] { return path }
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("fetch").path
    }()

    /// Runs to the end and returns what came out; after `deadline` the program is killed and the test fails by its status.
    public func run(stdin: Data = Data(), deadline: Duration = .seconds(180)) async throws -> Completed {
        let running = try start()
        running.write(stdin)
        running.closeInput()
        return await running.finish(deadline: deadline)
    }

    public func run(stdin: String, deadline: Duration = .seconds(180)) async throws -> Completed {
        try await run(stdin: Data(stdin.utf8), deadline: deadline)
    }

    /// Starts the program with pipes on all three descriptors.
    ///
    /// One at a time: between making a pipe and marking it, another program would inherit it.
    public func start() throws -> Running { try Self.starting.withLock { _ in try startAlone() } }

    private static let starting = Mutex(())

    private func startAlone() throws -> Running {
        var pipes = [[Int32](repeating: -1, count: 2), [-1, -1], [-1, -1]]
        for index in pipes.indices {
            guard pipe(&pipes[index]) == 0 else { throw POSIXError(.EMFILE) }
            for descriptor in pipes[index] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2)
        // The test runner's own signal settings are none of the program's business.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A group of its own, so that nothing it started outlives it.
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.lowercased().hasSuffix("_proxy") }
        inherited["FETCH"] = Self.fetchPath
        let variables = inherited.merging(environment) { $1 }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        defer {
            for pointer in variables + words { free(pointer) }
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var process: pid_t = 0
        let code = posix_spawnp(&process, executable, &actions, &attributes, words, variables)
        for descriptor in [pipes[0][0], pipes[1][1], pipes[2][1]] { close(descriptor) }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return Running(process: process, input: pipes[0][1], output: pipes[1][0], errors: pipes[2][0])
    }
}

/// A program that runs.
public final class Running: Sendable {
    public let process: pid_t
    private let input: Mutex<Int32>
    private let output: Gatherer
    private let errors: Gatherer
    private let start = ContinuousClock.now

    init(process: pid_t, input: Int32, output: Int32, errors: Int32) {
        self.process = process
        self.input = Mutex(input)
        self.output = Gatherer(output)
        self.errors = Gatherer(errors)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Writes to its standard input; a program that no longer reads is no error.
    public func write(_ data: Data) {
        let descriptor = input.withLock { $0 }
        data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    public func write(_ text: String) { write(Data(text.utf8)) }

    public func closeInput() {
        input.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    public func send(_ signal: Int32) { kill(process, signal) }

    /// Waits until its standard output holds what is looked for; false when that does not happen in time.
    public func waitForOutput(_ deadline: Duration = .seconds(60), _ condition: @escaping @Sendable (Data) -> Bool) async -> Bool {
        await output.wait(deadline, condition)
    }

    public func waitForErrors(_ deadline: Duration = .seconds(60), _ condition: @escaping @Sendable (Data) -> Bool) async -> Bool {
        await errors.wait(deadline, condition)
    }

    public var outputSoFar: Data { output.soFar }

    /// Waits for the end. Past the deadline the program is killed, which shows in its status.
    public func finish(deadline: Duration = .seconds(180)) async -> Completed {
        let process = process
        let killer = Task {
            try await Task.sleep(for: deadline)
            kill(-process, SIGKILL)
        }
        let start = start
        // The time is taken by that thread: those of the pool may all be waiting for a server to start.
        let (status, elapsed) = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var status: Int32 = 0
                waitpid(process, &status, 0)
                continuation.resume(returning: (status, start.duration(to: .now)))
            }
        }
        killer.cancel()
        kill(-process, SIGKILL)
        closeInput()
        return Completed(
            status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), output: await output.all(),
            errors: withoutLoader(await errors.all()), elapsed: elapsed)
    }
}

/// With another libcurl than the one it was linked with, the loader says one line about it at each start of fetch.
public func withoutLoader(_ errors: Data) -> Data {
    guard ProcessInfo.processInfo.environment["FETCH_TEST_LIBCURL"] != nil else { return errors }
    let lines = String(decoding: errors, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Data(
        lines.filter { !$0.hasSuffix("libcurl.so.4: no version information available (required by \(loaderName))") }.joined(separator: "\n")
            .utf8)
}

private let loaderName = ProcessInfo.processInfo.environment["FETCH_TEST_LIBCURL"] ?? ""

/// A program that has ended.
public struct Completed: Sendable {
    /// As the shell tells it: 128 and the number of a signal.
    public let status: Int32
    public let output: Data
    public let errors: Data
    public let elapsed: Duration

    public var text: String { String(decoding: output, as: UTF8.self) }
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
    public var errorLines: [String] { errorText.split(separator: "\n").map(String.init) }

    /// The objects of a jsonl stream. Throws for a line that is no JSON object.
    public func records() throws -> [Record] {
        // Bytes, because characters take seconds for a large body, and other tests wait meanwhile.
        try output.split(separator: UInt8(ascii: "\n")).map { try Record(line: String(decoding: $0, as: UTF8.self)) }
    }
}

/// One JSON object of a stream.
public struct Record: @unchecked Sendable {
    // Unchecked: JSONSerialization's objects are immutable here.
    public let fields: [String: Any]
    public let line: String

    init(line: String) throws {
        self.line = line
        guard let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
            throw CocoaError(.propertyListReadCorrupt)
        }
        self.fields = fields
    }

    public func string(_ key: String) -> String? { fields[key] as? String }
    public func int(_ key: String) -> Int? { fields[key] as? Int }
    public func double(_ key: String) -> Double? { fields[key] as? Double }
    public func bool(_ key: String) -> Bool? { fields[key] as? Bool }
    public func isNull(_ key: String) -> Bool { fields[key] is NSNull }
}

/// Reads a descriptor to its end on a thread of its own.
private final class Gatherer: Sendable {
    private struct State {
        var data = Data()
        /// The program has ended: what its children still hold open is not waited for without end.
        var isEnding = false
        var isAtEnd = false
    }

    private let state = Mutex(State())

    init(_ descriptor: Int32) {
        Thread.detachNewThread { [self] in
            var block = [UInt8](repeating: 0, count: 1 << 16)
            while waitForBytes(descriptor) {
                let count = read(descriptor, &block, block.count)
                if count <= 0 { break }
                state.withLock { $0.data.append(contentsOf: block[..<count]) }
            }
            close(descriptor)
            state.withLock { $0.isAtEnd = true }
        }
    }

    /// False when the program has ended and nothing has come for two seconds. Asked of the kernel, which knows, however late this thread
    /// gets its turn.
    private func waitForBytes(_ descriptor: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let isEnding = state.withLock(\.isEnding)
            if poll(&waiting, 1, 2000) != 0 { return true }
            if isEnding { return false }
        }
    }

    var soFar: Data { state.withLock { $0.data } }

    func wait(_ deadline: Duration, _ condition: (Data) -> Bool) async -> Bool {
        let end = ContinuousClock.now + deadline
        while true {
            let (data, isAtEnd) = state.withLock { ($0.data, $0.isAtEnd) }
            if condition(data) { return true }
            if isAtEnd || .now > end { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Everything; a grandchild that still holds the descriptor and is silent is not waited for longer than some seconds.
    func all() async -> Data {
        state.withLock { $0.isEnding = true }
        while true {
            let (data, isAtEnd) = state.withLock { ($0.data, $0.isAtEnd) }
            if isAtEnd { return data }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }
}
