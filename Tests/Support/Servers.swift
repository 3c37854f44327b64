// The servers that tests talk to, each started once for a test process and ended with it: they read their standard input and
// stop when that does.

import Foundation
import Synchronization

/// A server that runs beside the tests.
public final class Server: Sendable {
    public let url: String
    public let port: Int
    private let running: Running
    private let companions = Mutex<[Server]>([])

    /// Keeps another server alive as long as this one.
    func keep(_ other: Server) { companions.withLock { $0.append(other) } }

    private init(_ running: Running, scheme: String, port: Int) {
        self.running = running
        self.port = port
        url = "\(scheme)://127.0.0.1:\(port)"
    }

    /// Our own scripted server: Tests/Support/servers/faultserver.py.
    public static let faults = Result { try scripted() }
    /// The same at another port.
    public static let otherFaults = Result { try scripted() }
    /// The same over TLS, with a good certificate.
    public static let tlsFaults = Result { try scripted(Certificates.shared.get().good) }
    /// nginx: HTTP/1.1, gzip, redirects.
    public static let nginx = Result { try Nginx.start().plain }
    /// nginx: HTTP/2 over TLS.
    public static let nginxTLS = Result { try Nginx.start().tls }
    /// nginx: over TLS, and only for those with a certificate of our authority; tells whose it is.
    public static let nginxForMembers = Result { try Nginx.start().members }
    /// Scripted HTTP/2 over TLS: Tests/Support/servers/h2server.py.
    public static let http2 = Result { try http2(options: []) }
    /// The same, but it speaks HTTP/1.1 after it has agreed to HTTP/2.
    public static let http2Liar = Result { try http2(options: ["--alpn-lie"]) }
    /// Scripted HTTP/3, with nothing at that port of TCP: Tests/Support/servers/h3server.py.
    public static let http3 = Result { try http3() }
    /// httpbin, from PyPI.
    public static let httpbin = Result { try startHTTPBin() }

    /// A scripted server of one's own, for tests that count. With `addresses` it listens on that many more of 127.0.0.0/8.
    public static func scripted(_ certificate: Certificates.Pair? = nil, addresses: Int = 0) throws -> Server {
        var options = certificate.map { ["--tls", $0.chain, $0.key] } ?? []
        if addresses > 0 { options += ["--addresses", "\(addresses)"] }
        return try script("faultserver.py", options, scheme: certificate == nil ? "http" : "https")
    }

    private static func http2(options: [String]) throws -> Server {
        let certificate = try Certificates.shared.get().good
        return try script("h2server.py", [certificate.chain, certificate.key] + options, scheme: "https")
    }

    /// One of one's own, for tests that count. With `--mute` nothing comes back over UDP; with `--tcp` it also listens on TCP.
    public static func http3(_ options: String..., certificate: Certificates.Pair? = nil) throws -> Server {
        let certificate = try certificate ?? Certificates.shared.get().good
        return try script("h3server.py", [certificate.chain, certificate.key] + options, scheme: "https")
    }

    /// What goes wrong below HTTP; `how` is a function of Tests/Support/servers/tlsserver.py.
    public static func handshake(_ how: String, _ certificate: Certificates.Pair? = nil) throws -> Server {
        let certificate = try certificate ?? Certificates.shared.get().good
        return try script("tlsserver.py", [how, certificate.chain, certificate.key], scheme: "https")
    }

    /// One of the Python servers beside this file.
    public static func script(_ name: String, _ options: [String], scheme: String) throws -> Server {
        let running = try Command(Paths.python, [Paths.servers.appendingPathComponent(name).path] + options).start()
        return Server(running, scheme: scheme, port: try waitForPort(running))
    }

    /// A server that is no longer than a few lines of Python; it prints "port N" when it listens.
    public static func program(_ lines: String) throws -> Server {
        let running = try Command(Paths.python, ["-c", lines]).start()
        return Server(running, scheme: "http", port: try waitForPort(running))
    }

    /// The URL's beginning at one of the further addresses, from 0 on.
    public func url(_ address: Int) -> String { "http://127.0.\(1 + address / 250).\(1 + address % 250):\(port)" }

    /// What the scripted server has counted.
    public func stats() async throws -> [String: Int] {
        try await object("stats").compactMapValues { $0 as? Int }
    }

    /// The most requests at once that each local address has seen.
    public func mostOfHosts() async throws -> [String: Int] {
        let hosts = try await object("stats?hosts")["hosts"] as? [String: [String: Int]] ?? [:]
        return hosts.compactMapValues { $0["most"] }
    }

    /// The requests in order of arrival.
    public func log() async throws -> [Arrival] {
        let answer = try await Command("curl", ["-sk", "\(url)/log"]).run()
        let lines = try JSONSerialization.jsonObject(with: answer.output) as? [[Any]] ?? []
        return lines.compactMap { line in
            guard line.count == 5, let time = line[0] as? Double, let host = line[1] as? String, let method = line[2] as? String,
                let target = line[3] as? String, let connection = line[4] as? Int
            else { return nil }
            return Arrival(time: time, host: host, method: method, target: target, connection: connection)
        }
    }

    /// The hosts that were sent a head with that word in it, in the order of the requests.
    public func hosts(thatSaw word: String) async throws -> [String] {
        let answer = try await Command("curl", ["-sk", "\(url)/seen?word=\(word)"]).run()
        return try JSONSerialization.jsonObject(with: answer.output) as? [String] ?? []
    }

    private func object(_ path: String) async throws -> [String: Any] {
        let answer = try await Command("curl", ["-sk", "\(url)/\(path)"]).run()
        return try JSONSerialization.jsonObject(with: answer.output) as? [String: Any] ?? [:]
    }

    /// A request as the server saw it.
    public struct Arrival: Sendable {
        /// In seconds.
        public let time: Double
        public let host: String
        public let method: String
        public let target: String
        public let connection: Int
    }

    /// Lets go what `/hold` holds back for that key.
    public func release(_ key: String) async throws { _ = try await Command("curl", ["-sk", "\(url)/release?key=\(key)"]).run() }

    /// Waits until that key is let go: by `/silent` when it has its request, by `/stall` when its bytes are on their way.
    public func waitForRelease(_ key: String) async throws { _ = try await Command("curl", ["-sk", "\(url)/hold?key=\(key)"]).run() }

    /// Blocks the thread: it must not need another one of the pool, which may all be waiting here.
    static func waitForPort(_ running: Running) throws -> Int {
        let end = ContinuousClock.now + .seconds(120)
        while .now < end {
            let words = String(decoding: running.outputSoFar, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            if words.count >= 2, words[0] == "port", let port = Int(words[1]) { return port }
            usleep(5000)
        }
        throw ServerDidNotStart()
    }

    static func start(_ line: String, scheme: String, port: Int) throws -> Server {
        // The shell ends the server when its own standard input ends, however the tests end.
        let running = try Command.shell("\(line) & server=$!; read -r _; kill $server; wait $server").start()
        guard waitUntilListening(port) else { throw ServerDidNotStart() }
        return Server(running, scheme: scheme, port: port)
    }

    private static func startHTTPBin() throws -> Server {
        let port = freePort()
        return try start(
            "\(Paths.python) -m gunicorn --threads 16 --timeout 0 --bind 127.0.0.1:\(port) httpbin:app 2>/dev/null", scheme: "http",
            port: port)
    }

    fileprivate init(sharing other: Server, scheme: String, port: Int) {
        running = other.running
        self.port = port
        url = "\(scheme)://127.0.0.1:\(port)"
    }
}

struct ServerDidNotStart: Error {}

/// nginx in a folder of its own.
private enum Nginx {
    static let all = Result { try make() }

    static func start() throws -> (plain: Server, tls: Server, members: Server) { try all.get() }

    private static func make() throws -> (plain: Server, tls: Server, members: Server) {
        let folder = Paths.temporary("nginx")
        let files = folder.appendingPathComponent("files")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        let line = "All work and no play makes Jack a dull boy.\n"
        try Data(String(repeating: line, count: 500).utf8).write(to: files.appendingPathComponent("text.txt"))
        for number in 1...100 {
            try Data("file \(number)\n".utf8).write(to: files.appendingPathComponent("\(number)"))
        }
        // Files full of holes: nothing on disk, gigabytes on the wire.
        for (name, size) in [("2g", 2 << 30), ("500m", 500 << 20), ("40m", 40 << 20)] {
            let path = files.appendingPathComponent(name).path
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            truncate(path, size)
        }
        let (plain, tls, members) = (freePort(), freePort(), freePort())
        let certificate = try Certificates.shared.get().good
        let configuration = """
            daemon off; worker_processes 1; pid \(folder.path)/pid; error_log \(folder.path)/errors;
            events { worker_connections 8192; }
            http {
              access_log off; keepalive_requests 1000000; send_timeout 10m; sendfile on; client_body_temp_path \(folder.path)/body;
              proxy_temp_path \(folder.path)/proxy; fastcgi_temp_path \(folder.path)/fastcgi;
              uwsgi_temp_path \(folder.path)/uwsgi; scgi_temp_path \(folder.path)/scgi;
              types { text/plain txt; } default_type application/octet-stream;
              gzip on; gzip_types text/plain; gzip_min_length 100;
              server {
                listen 127.0.0.1:\(plain) backlog=4096; listen 127.0.0.1:\(tls) ssl http2;
                ssl_certificate \(certificate.chain); ssl_certificate_key \(certificate.key);
                root \(files.path);
                location /small { return 200 "small\\n"; }
                location /moved { return 301 /text.txt; }
              }
              server {
                listen 127.0.0.1:\(members) ssl;
                ssl_certificate \(certificate.chain); ssl_certificate_key \(certificate.key);
                ssl_client_certificate \(try Certificates.shared.get().authority); ssl_verify_client on;
                location / { return 200 "$ssl_client_s_dn"; }
              }
            }
            """
        let file = folder.appendingPathComponent("nginx.conf")
        try Data(configuration.utf8).write(to: file)
        let server = try Server.start("nginx -p \(folder.path) -c \(file.path) 2>/dev/null", scheme: "http", port: plain)
        // It opens one after the other.
        guard waitUntilListening(tls), waitUntilListening(members) else { throw ServerDidNotStart() }
        return (server, Server(sharing: server, scheme: "https", port: tls), Server(sharing: server, scheme: "https", port: members))
    }
}

/// A port that nobody listens on, and that nobody gets by chance as long as the tests run: it stays bound. A server that is told the
/// port can have it all the same, because servers set SO_REUSEADDR as well (socket(7)).
public func freePort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var isReusable: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReusable, socklen_t(MemoryLayout<Int32>.size))
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length)
            getsockname(descriptor, $0, &length)
        }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}

private func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

private func waitUntilListening(_ port: Int) -> Bool {
    let end = ContinuousClock.now + .seconds(120)
    while .now < end {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return true }
        usleep(20_000)
    }
    return false
}
