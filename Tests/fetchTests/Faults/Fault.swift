import Foundation
import Support
import Testing

/// What goes wrong, how that is provoked, and what the user gets: a row of the catalogue of faults.
struct Fault: Sendable, CustomTestStringConvertible {
    /// How the fault is brought about.
    enum Provocation: Sendable {
        /// A path of the scripted server.
        case path(String)
        /// These bytes as the response of the scripted server, and the end of the connection.
        case raw(String)
        /// The same over TLS.
        case tls(String)
        /// A path of the scripted HTTP/2 server.
        case http2(String)
        /// A behaviour of the scripted TLS server, and a path.
        case handshake(String, path: String = "", certificate: any (KeyPath<Certificates, Certificates.Pair> & Sendable) = \.good)
        /// A line of a list. `HOST` stands for the scripted server.
        case line(String)
        /// Bytes of a list.
        case bytes([UInt8])
        /// A URL in a network of our own; `PORT` is that of its scripted server. Without patience its resolver waits for a second.
        case inside(String, isPatient: Bool = true)
        /// A path of haproxy.
        case balancer(String)
        /// A URL by way of a proxy; `HOST` is the scripted server.
        case proxy(Proxy, String)
        /// A line for the shell, in which $FETCH is fetch with the usual options, $URL the scripted server.
        case shell(String)
    }

    enum Proxy: Sendable {
        case good
        case strict
        case closed
        case hangsUp
    }

    /// What goes wrong, in words; several rows may share them.
    let name: String
    let provocation: Provocation
    /// The class; nil is no error. More than one where versions of libcurl differ.
    let errors: [String?]
    /// The response's status; nil is no response.
    let statuses: [Int?]
    let options: [String]
    /// The exit status of fetch; nil where the class says it.
    let exit: Int32?
    /// The time that the fault's limit allows, in seconds; half a minute more is a hang.
    let limit: Double

    init(
        _ name: String, _ provocation: Provocation, _ error: String?, _ status: Int? = nil, or other: String? = nil,
        orNoResponse: Bool = false,
        options: [String] = [], exit: Int32? = nil, limit: Double = 5
    ) {
        self.name = name
        self.provocation = provocation
        errors = other.map { [error, $0] } ?? [error]
        statuses = orNoResponse ? [status, nil] : [status]
        self.options = options
        self.exit = exit
        self.limit = limit
    }

    var testDescription: String { "\(name): \(provocation) is \(errors[0] ?? "ok")" }

    /// No second tries, and a limit of a second where that limit is what the row is about: on a busy machine even a good server
    /// may be silent for some seconds.
    private var usual: [String] {
        let isAboutSilence = errors.contains("timeout_first_byte") || errors.contains("timeout_stall")
        return [
            "-q", "--format=jsonl", "--retry=0", "--speed-time=\(isAboutSilence ? 1 : 30)",
            "--connect-timeout=\(errors.contains("timeout_connect") ? 1 : 30)",
        ]
    }

    func run() async throws -> Completed {
        let server = try Server.faults.get()
        let host = "127.0.0.1:\(server.port)"
        let fetch = { (arguments: [String]) in Command.fetch(usual + options + arguments) }
        let trust = "--cacert=\(try Certificates.shared.get().authority)"
        switch provocation {
        case .path(let path): return try await fetch(["\(server.url)/\(path)"]).run()
        case .raw(let bytes):
            let encoded = bytes.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
            return try await fetch(["\(server.url)/raw?b=\(encoded)"]).run()
        case .tls(let path): return try await fetch([trust, "\(try Server.tlsFaults.get().url)/\(path)"]).run()
        case .http2(let path): return try await fetch(["--http2", trust, "\(try Server.http2.get().url)/\(path)"]).run()
        case .handshake(let how, let path, let certificate):
            let server = try Server.handshake(how, try Certificates.shared.get()[keyPath: certificate])
            return try await fetch([trust, "\(server.url)/\(path)"]).run()
        case .line(let line): return try await fetch([]).run(stdin: line.replacing("HOST", with: host) + "\n")
        case .bytes(let bytes): return try await fetch([]).run(stdin: Data(bytes))
        case .inside(let url, let isPatient):
            let inside = try (isPatient ? Namespace.shared : Namespace.impatient).get()
            return try await inside.inside(fetch([url.replacing("PORT", with: "\(inside.port)")])).run()
        case .balancer(let path): return try await fetch(["\(try Server.haproxy.get().url)/\(path)"]).run()
        case .proxy(let proxy, let url):
            var command = fetch([trust, url.replacing("HOST", with: host)])
            command.environment = ["http_proxy": try proxy.url(), "https_proxy": try proxy.url()]
            return try await command.run()
        case .shell(let line):
            var command = Command.shell(line.replacing("$FETCH", with: "$FETCH " + (usual + options).joined(separator: " ")))
            command.environment = ["URL": server.url]
            return try await command.run()
        }
    }
}

extension Fault.Proxy {
    func url() throws -> String {
        switch self {
        case .good: try Server.proxy.get().url
        case .strict: try Server.strictProxy.get().url
        case .closed: "http://127.0.0.1:\(freePort())"
        case .hangsUp: try Self.rude.get().url.replacing("https", with: "http")
        }
    }

    private static let rude = Result { try Server.handshake("hang-up") }
}
