// Real proxies: tinyproxy, which carries requests, and haproxy, which stands before servers.

import Foundation

extension Server {
    /// A forward proxy; with authentication it wants user and password.
    public static let proxy = Result { try tinyproxy(authentication: false) }
    public static let strictProxy = Result { try tinyproxy(authentication: true) }

    private static func tinyproxy(authentication: Bool) throws -> Server {
        let port = freePort()
        let file = try Paths.file(
            "tinyproxy-\(port).conf",
            """
            Port \(port)
            Listen 127.0.0.1
            Allow 127.0.0.1
            Timeout 60
            MaxClients 50
            LogLevel Critical
            \(authentication ? "BasicAuth user secret" : "")

            """)
        return try start("tinyproxy -d -c \(file) >/dev/null 2>&1", scheme: "http", port: port)
    }

    /// haproxy with one behaviour for each path: /deny, /reject, /drop, /tarpit, /down, /slow.
    public static let haproxy = Result {
        let port = freePort()
        let silent = try handshake("silent")
        let file = try Paths.file(
            "haproxy.cfg",
            """
            defaults
              mode http
              timeout connect 1s
              timeout client 30s
              timeout server 300ms
              timeout tarpit 200ms
              retries 0
            frontend front
              bind 127.0.0.1:\(port)
              http-request deny deny_status 403 if { path /deny }
              http-request reject if { path /reject }
              http-request silent-drop if { path /drop }
              http-request tarpit if { path /tarpit }
              use_backend down if { path /down }
              use_backend slow if { path /slow }
              http-request return status 200 content-type text/plain string ok if { path /ok }
            backend down
              server one 127.0.0.1:\(freePort())
            backend slow
              server one 127.0.0.1:\(silent.port)

            """)
        let server = try start("haproxy -db -q -f \(file) 2>/dev/null", scheme: "http", port: port)
        server.keep(silent)
        return server
    }
}
