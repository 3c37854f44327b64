import Testing

@testable import FetchKit

@Suite("What is offered to a server") struct TransferSetupTests {
    private func setup(_ change: (inout Configuration) -> Void = { _ in }) -> TransferSetup {
        var configuration = Configuration()
        change(&configuration)
        return TransferSetup(configuration)
    }

    @Test("QUIC leaves TCP the greater part of the connect timeout, and takes at most 200 ms") func timeBeforeFallback() {
        for (milliseconds, wait) in [(30_000, 200), (600, 200), (300, 100), (150, 50), (1, 1)] {
            #expect(setup { $0.timeouts.connect = .milliseconds(milliseconds) }.timeBeforeFallback == wait)
        }
    }

    @Test("HTTP/3 is for TLS 1.3 on the direct way to a server that has it", .enabled(if: CurlLibrary.current.has("HTTP3")))
    func http3() throws {
        let (secure, plain) = (try HTTPURL("https://h.test/").origin, try HTTPURL("http://h.test/").origin)
        let setup = setup { $0.http.version = .http3 }
        #expect(setup.version(for: secure, isProxied: false, avoidsHTTP2: false) == .http3)
        #expect(setup.version(for: plain, isProxied: false, avoidsHTTP2: false) != .http3)
        #expect(setup.version(for: secure, isProxied: true, avoidsHTTP2: false) != .http3)
        #expect(setup.version(for: secure, isProxied: false, avoidsHTTP2: true) == .http1_1)
        setup.noteVersion("3", of: secure)
        #expect(setup.version(for: secure, isProxied: false, avoidsHTTP2: false) == .http3)
        setup.noteVersion("2", of: secure)
        #expect(setup.version(for: secure, isProxied: false, avoidsHTTP2: false) != .http3)
        let changes: [(inout Configuration) -> Void] = [
            { $0.http.version = .automatic }, { $0.http.version = .http2 }, { $0.http.version = .http1_1 },
            { ($0.http.version, $0.tls.maximumVersion) = (.http3, .v1_2) }, { ($0.http.version, $0.addresses.unixSocket) = (.http3, "/s") },
        ]
        for change in changes {
            #expect(self.setup(change).version(for: secure, isProxied: false, avoidsHTTP2: false) != .http3)
        }
    }

    @Test("Without HTTP/3 in libcurl it is what is usual", .enabled(if: !CurlLibrary.current.has("HTTP3"))) func without() throws {
        let secure = try HTTPURL("https://h.test/").origin
        let (http3, usual) = (setup { $0.http.version = .http3 }, setup())
        #expect(
            http3.version(for: secure, isProxied: false, avoidsHTTP2: false)
                == usual.version(for: secure, isProxied: false, avoidsHTTP2: false))
    }
}
