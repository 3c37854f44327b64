// From what was typed to what the run needs. Everything that can be wrong with the command line is found here, before the
// first request.

import ArgumentParser
import FetchKit
import Glibc

/// One run, as the rest of the program sees it.
struct Settings: Sendable {
    var configuration = Configuration()
    var template = RequestTemplate()
    var format = OutputFormat.body
    var isOrdered = true
    var includesFailedBodies = false
    var isOneOfSeveral = true
    var isTerminal = false
    var report = Reporter.Style()
    /// Something a person should know before the run.
    var notice: String?

    /// Throws `ValidationError` for what the user must type differently, `Input.Unusable` for a file that cannot be read.
    init(_ command: Fetch) throws {
        isTerminal = isatty(STDOUT_FILENO) == 1
        isOneOfSeveral = command.input.urls.count != 1 || command.input.urls == ["-"] || !command.input.lists.isEmpty
        try set(command.request)
        try set(command.output)
        try set(command.limits)
        try set(command.connection)
        set(command.concurrency)
        try set(command.manners)
        try set(command.whole)
        try set(command.names)
        set(command.report)
        setBodies()
    }

    private mutating func set(_ options: RequestOptions) throws {
        if let method = options.method {
            guard !method.isEmpty, method.utf8.allSatisfy(isTokenByte) else {
                throw ValidationError("'\(method)' is no HTTP method.")
            }
            template.method = method
        }
        template.headers = try options.headers.map(Self.headerField)
        if let agent = options.userAgent { configuration.userAgent = agent }
        guard options.maxRedirs >= 0 else { throw ValidationError("--max-redirs takes a number from 0 on.") }
        configuration.maxRedirects = options.maxRedirs
    }

    private mutating func set(_ options: OutputOptions) throws {
        if options.ordered && options.unordered { throw ValidationError("--ordered and --unordered exclude each other.") }
        format = options.format
        isOrdered = options.ordered || (format.isOrdered && !options.unordered)
        includesFailedBodies = options.failWithBody
    }

    private mutating func set(_ options: LimitOptions) throws {
        configuration.maxTime = options.maxTime?.duration == .zero ? nil : options.maxTime?.duration
        configuration.connectTimeout = options.connectTimeout.duration == .zero ? .seconds(300) : options.connectTimeout.duration
        // libcurl counts in whole seconds, and 0 means never.
        let stall = options.speedTime.duration
        configuration.speedTime = stall == .zero ? .zero : .seconds((stall.microseconds + 999_999) / 1_000_000)
        configuration.speedLimit = options.speedLimit.value
        configuration.maxCompressionRatio = options.maxRatio == 0 ? nil : options.maxRatio
        configuration.maxFileSize = options.maxFilesize.map { Int64($0.bytes) }
        configuration.bodyMemory = options.bodyMemory.bytes
        configuration.spillDirectory = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    private mutating func set(_ options: ConnectionOptions) throws {
        configuration.isTLSVerified = !options.isInsecure
        if options.http1 && options.http2 { throw ValidationError("--http1.1 and --http2 exclude each other.") }
        if options.http2 && !CurlLibrary.current.has("HTTP2") { throw ValidationError("This libcurl has no HTTP/2.") }
        configuration.httpVersion = options.http1 ? .http1_1 : options.http2 ? .http2 : .automatic
        // The variables are the curl tool's own business; libcurl does not look at them.
        let variables = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { (name: String) in getenv(name).map { String(cString: $0) } }
        configuration.caFile = options.cacert ?? variables.first { !$0.isEmpty }
        if let file = configuration.caFile, !options.isInsecure {
            // Not ten million failed handshakes, but one clear line.
            guard access(file, R_OK) == 0 else {
                throw Input.Unusable("cannot read the CA file \(file): \(String(cString: strerror(errno)))")
            }
        }
    }

    private mutating func set(_ options: ConcurrencyOptions) {
        let wanted = options.concurrency?.value ?? configuration.concurrency
        configuration.concurrency = Startup.transfersThatFit(wanted)
        if configuration.concurrency < wanted && options.concurrency != nil || configuration.concurrency < min(wanted, 64) {
            notice = "only \(configuration.concurrency) transfers at once instead of \(wanted): too few file descriptors (ulimit -n)"
        }
        // Who asks for so many at once means it, also when there is only one host.
        configuration.perHost = options.perHost?.value ?? options.concurrency.map { _ in wanted } ?? configuration.perHost
        configuration.threads = options.threads.value
        configuration.lookAhead = options.lookAhead?.value
    }

    private mutating func set(_ options: ReportOptions) {
        report.failures = !options.isSilent
        report.timings = options.timings
        report.attempts = options.isVerbose
        report.summary = options.summary ?? (options.isQuiet || options.isSilent ? false : nil)
        if options.isQuiet || options.isSilent { notice = nil }
    }

    private mutating func setBodies() {
        switch format {
        case .none: configuration.bodies = .discard
        case .jsonl: configuration.bodies = .keep
        case .body: configuration.bodies = includesFailedBodies ? .keep : .keepSuccessful
        }
        if format == .body && !isTerminal { configuration.streaming = isOrdered ? .inInputOrder : .inCompletionOrder }
    }

    /// The format that writes standard output.
    func makeFormat() -> any OutcomeFormat {
        switch format {
        case .body: BodyFormat(isTerminal: isTerminal, isOneOfSeveral: isOneOfSeveral, includesFailed: includesFailedBodies)
        case .jsonl: JSONLinesFormat()
        case .none: NoneFormat()
        }
    }

    /// curl's forms: `Name: value`, `Name:` to remove a header, `Name;` to send an empty one.
    private static func headerField(_ text: String) throws -> HeaderField {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw ValidationError("A header must not contain line breaks or other control characters.")
        }
        let end = text.firstIndex { $0 == ":" || $0 == ";" }
        guard let end, end > text.startIndex, text[..<end].utf8.allSatisfy(isTokenByte) else {
            throw ValidationError("'\(text)' is no header; write -H 'Name: value'.")
        }
        let name = String(text[..<end])
        let value = text[text.index(after: end)...].drop { $0 == " " || $0 == "\t" }
        if text[end] == ";" {
            guard value.isEmpty else { throw ValidationError("'\(text)' is no header; write -H 'Name: value'.") }
            return HeaderField(name, "")
        }
        return HeaderField(name, value.isEmpty ? nil : String(value))
    }
}

/// A byte that may stand in a method or header name (RFC 9110 section 5.6.2).
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
