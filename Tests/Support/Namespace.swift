// A network of our own, in which hosts do not answer, names do not exist and nothing gets out.

import Foundation

/// A network namespace with a scripted name server and a scripted web server; see Tests/Support/servers/namespace.sh.
public final class Namespace: Sendable {
    /// Waits for a name server that is only slow.
    public static let patientResolver = ["FETCH_RESOLV_OPTIONS": "timeout:30 attempts:1"]

    /// One for all tests that do not change the network.
    public static let shared = Result { try Namespace(patientResolver) }
    /// The same, and a name server that has not answered for a second is given up.
    public static let impatient = Result { try Namespace() }

    /// One with the site of Tests/Support/servers/site.py for example.com, whose certificate is signed by the test authority.
    public static let site = Result {
        let certificate = try Certificates.shared.get().good
        return try Namespace(server: "site.py", [certificate.chain, certificate.key])
    }

    /// Of the web server. faultserver.py listens on 127.0.0.1, ::1 and 127.0.1.1 to 127.0.1.60.
    public let port: Int
    private let running: Running

    /// `environment` is what namespace.sh takes.
    public init(
        _ environment: [String: String] = [:], server: String = "faultserver.py",
        _ options: [String] = ["--addresses", "60", "--also", "::1"]
    ) throws {
        let script = Paths.servers.appendingPathComponent("namespace.sh").path
        var command = Command(script, [Paths.python, Paths.servers.appendingPathComponent(server).path] + options)
        command.environment = environment
        running = try command.start()
        port = try Server.waitForPort(running)
    }

    /// The same command, inside.
    public func inside(_ command: Command) -> Command {
        let isRoot = getuid() == 0
        var inside = Command(
            "nsenter",
            ["--target", "\(running.process)", "--net", "--mount", "--uts"] + (isRoot ? [] : ["--user", "--preserve-credentials"])
                + ["--", command.executable] + command.arguments)
        inside.environment = command.environment
        return inside
    }
}
