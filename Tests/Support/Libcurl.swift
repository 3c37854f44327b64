// Which libcurl the program under test has, where versions differ in what can be known.

import Foundation

/// The libcurl of the program under test.
public enum Libcurl {
    /// Its major and minor version, such as 7 and 88.
    public static let version: (major: Int, minor: Int) = {
        guard let running = try? Command.fetch("--version").start() else { return (0, 0) }
        running.closeInput()
        var status: Int32 = 0
        waitpid(running.process, &status, 0)
        let end = ContinuousClock.now + .seconds(60)
        while .now < end {
            let text = String(decoding: running.outputSoFar, as: UTF8.self)
            if let match = text.firstMatch(of: /libcurl[\/ ]([0-9]+)\.([0-9]+)/) { return (Int(match.output.1)!, Int(match.output.2)!) }
            usleep(5000)
        }
        return (0, 0)
    }()

    /// Whether its trace tells of frames (curl_global_trace, 8.3).
    public static var tracesHTTP2: Bool { version >= (8, 3) }

    /// Whether it puts the lines of a folded header together.
    public static var unfoldsHeaders: Bool { version >= (8, 0) }
}
