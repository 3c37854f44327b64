// Which libcurl the program under test has, where versions differ in what can be known.

import Foundation

/// The libcurl of the program under test.
public enum Libcurl {
    /// Its major and minor version, such as 7 and 88.
    public static let version: (major: Int, minor: Int) = {
        guard let match = text.firstMatch(of: /libcurl[\/ ]([0-9]+)\.([0-9]+)/) else { return (0, 0) }
        return (Int(match.output.1)!, Int(match.output.2)!)
    }()

    /// What `fetch --version` prints; empty when it cannot be run.
    private static let text: String = {
        guard let running = try? Command.fetch("--version").start() else { return "" }
        running.closeInput()
        var status: Int32 = 0
        waitpid(running.process, &status, 0)
        let end = ContinuousClock.now + .seconds(60)
        while .now < end {
            let text = String(decoding: running.outputSoFar, as: UTF8.self)
            // The last line tells of HTTP/2.
            if text.hasSuffix("\n"), text.contains("HTTP/2:") { return text }
            usleep(5000)
        }
        return ""
    }()

    /// Whether it speaks HTTP/3.
    public static var hasHTTP3: Bool {
        text.split(separator: "\n").contains { $0.hasPrefix("Features:") && $0.split(separator: " ").contains("HTTP3") }
    }

    /// Whether its trace tells of frames (curl_global_trace, 8.3).
    public static var tracesHTTP2: Bool { version >= (8, 3) }

    /// Whether it puts the lines of a folded header together.
    public static var unfoldsHeaders: Bool { version >= (8, 0) }
}
