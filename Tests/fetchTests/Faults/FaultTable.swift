// The catalogue of faults, by where they are. A new fault is a row here, and perhaps a function in one of the scripted servers.

import Foundation
import Support

extension Fault {
    static let all = input + network + http + heads + http2 + tls + bodies + process + resources + security

    static let input = [
        Fault(
            "framing given by the user",
            .line(#"{"url":"http://HOST/echo","body":"x","headers":{"Content-Length":"1","Transfer-Encoding":"chunked"}}"#), "input"),
        Fault("framing given by the user", .line(#"{"url":"http://HOST/echo","body":"x","headers":{"Content-Length":"2"}}"#), "input"),
        Fault("framing given by the user", .line(#"{"url":"http://HOST/echo","headers":{"Transfer-Encoding":"chunked"}}"#), "input"),
        Fault("framing given by the user", .line(#"{"url":"http://HOST/echo","body":"x","headers":{"Content-Length":"1"}}"#), nil, 200),
        Fault("bytes that are no UTF-8", .bytes(Array("http://127.0.0.1:1/\u{FF}".utf8) + [0xFF, 0xFE, 0x0A]), "connect"),
        Fault("NUL in a line", .bytes(Array("http://127.0.0.1:1/a".utf8) + [0] + Array("b\n".utf8)), "input"),
        Fault("control characters in a line", .line("http://HOST/a\u{1}b"), "input"),
        Fault("control characters in a line", .line("http://HOST/a\u{1B}b"), "input"),
        Fault("control characters in a line", .line("http://HOST/text?s=x\r"), nil, 200),
        Fault("space in a URL", .line("http://HOST/a b"), "input"),
        Fault("line without an end", .shell("head -c 3M /dev/zero | tr '\\0' a | $FETCH"), "input"),
        Fault("line without an end", .shell("printf \"$URL/text?s=x\" | $FETCH"), nil, 200),
        Fault("list in another encoding", .shell("printf '\\xEF\\xBB\\xBF%s\\n' $URL/text?s=x | $FETCH"), nil, 200),
        Fault("scheme missing or not HTTP", .line("file:///etc/passwd"), "input"),
        Fault("scheme missing or not HTTP", .line("gopher://HOST/"), "input"),
        Fault("scheme missing or not HTTP", .line("ftp://HOST/"), "input"),
        Fault("scheme missing or not HTTP", .line("HOST/text?s=x"), nil, 200),
        Fault("too many slashes", .line("http:///HOST/text?s=x"), nil, 200),
        Fault("user part that misleads", .line("http://a@b@HOST/"), "input"),
        Fault("user part that misleads", .line("http://HOST\\@elsewhere.test/"), "input"),
        Fault("port that cannot be", .line("http://127.0.0.1:0/"), "input"),
        Fault("port that cannot be", .line("http://127.0.0.1:99999/"), "input"),
        Fault("port that cannot be", .line("http://127.0.0.1:port/"), "input"),
        Fault("unusual spelling of an address", .line("http://127.1:1/"), "connect"),
        Fault("unusual spelling of an address", .line("http://0x7f000001:1/"), "connect"),
        // Not every libcurl knows international names.
        Fault(
            "international name", .shell("LC_ALL=C $FETCH --connect-to ::${URL#http://} http://m\u{FC}ller.invalid/text?s=x"), nil, 200,
            or: "input",
            orNoResponse: true),
        Fault(
            "full-width digits for an address",
            .shell("$FETCH http://\u{2460}\u{2461}\u{2466}.\u{24EA}.\u{24EA}.\u{2460}:${URL##*:}/text?s=x"), nil, 200, or: "input",
            orNoResponse: true),
        Fault("unusual spelling of an address", .line("http://2130706433:1/"), "connect"),
        Fault("unusual spelling of an address", .line("http://[::1"), "input"),
    ]

    static let network = [
        Fault("name look-up", .inside("http://nx.test:PORT/"), "dns_permanent"),
        Fault("name look-up", .inside("http://empty.test:PORT/"), "dns_permanent"),
        Fault("name look-up", .inside("http://servfail.test:PORT/"), "dns_temporary"),
        Fault("name look-up", .inside("http://refuse.test:PORT/"), "dns_temporary"),
        Fault("name look-up", .inside("http://drop.test:PORT/", isPatient: false), "dns_temporary"),
        Fault("name look-up", .inside("http://any.test:PORT/text?s=x"), nil, 200),
        Fault("name look-up", .inside("http://tcp.test:PORT/text?s=x"), nil, 200),
        Fault("name look-up", .inside("http://flaky-1-x.test:PORT/text?s=x"), nil, 200, options: ["--retry=2"]),
        Fault("name look-up", .line("http://\(String(repeating: "x", count: 70)).invalid/"), "dns_permanent"),
        Fault("slow name look-up", .inside("http://slow-5000-x.test:PORT/"), "dns_temporary", options: ["--connect-timeout=1"]),
        Fault("many addresses", .inside("http://two.test:PORT/text?s=x"), nil, 200),
        Fault("many addresses", .inside("http://many.test:PORT/"), "connect"),
        Fault("IPv6 that does not work", .inside("http://dead6.test:PORT/text?s=x"), nil, 200),
        Fault("IPv6 that does not work", .inside("http://unreachable6.test:PORT/text?s=x"), nil, 200),
        Fault("IPv6 that does not work", .inside("http://both-127-0-0-1--x.test:PORT/text?s=x"), nil, 200),
        Fault("IPv6 that does not work", .inside("http://servfail6.test:PORT/text?s=x"), nil, 200),
        Fault("packets that vanish", .inside("http://10.99.0.1:PORT/"), "timeout_connect"),
        // The name must have its address before the time is over.
        Fault(
            "packets that vanish", .inside("http://v4-10-99-0-1.test:PORT/"), "timeout_connect", options: ["--connect-timeout=5"], limit: 6),
        Fault("packets that vanish", .inside("http://[fd00:99::1]:PORT/"), "timeout_connect"),
        Fault("connection refused or no route", .inside("http://127.0.0.1:1/"), "connect"),
        Fault("connection refused or no route", .inside("http://10.98.0.1:PORT/"), "connect"),
        Fault("connection refused or no route", .inside("http://10.97.0.1:PORT/"), "connect"),
        Fault("connection refused or no route", .inside("http://10.1.0.1:PORT/"), "connect"),
        Fault("server that says nothing", .path("silent"), "timeout_first_byte"),
        Fault("server that says nothing", .handshake("silent"), "timeout_connect"),
        Fault("server that says nothing", .balancer("drop"), "timeout_first_byte"),
        // The head must be there before the time is over, here and where -m5 is.
        Fault("body that stops", .path("stall"), "timeout_stall", 200, options: ["--speed-time=5"], limit: 12),
        Fault("connection reset", .path("reset"), "connect"), Fault("connection reset", .path("reset?when=head"), "truncated", 200),
        Fault("connection reset", .path("reset?when=body"), "truncated", 200),
        Fault("idle connection closed", .path("idle-close"), nil, 200),
        Fault("bytes that drip", .path("drip?n=100"), "timeout_total", 200, options: ["-m5"]),
        Fault("bytes that drip", .path("drip-head?ms=400"), "timeout_first_byte"),
        Fault("bytes that drip", .path("drip-head?ms=400"), "timeout_total", options: ["-m1", "--speed-time=9"]),
        Fault("bytes that drip", .path("drip?n=15"), nil, 200), Fault("proxy", .proxy(.good, "http://HOST/text?s=x"), nil, 200),
        Fault("proxy", .proxy(.closed, "http://HOST/"), "connect"), Fault("proxy", .proxy(.strict, "http://HOST/"), "http", 407),
        Fault("proxy", .proxy(.strict, "https://HOST/"), "connect"), Fault("proxy", .proxy(.hangsUp, "https://HOST/"), "connect"),
        Fault("proxy", .balancer("down"), "http", 503), Fault("proxy", .balancer("slow"), "http", 504),
        Fault("proxy", .balancer("ok"), nil, 200),
        Fault("proxy", .balancer("deny"), "http", 403), Fault("proxy", .balancer("tarpit"), "http", 500),
        Fault("proxy", .balancer("reject"), "protocol"),
    ]

    static let http = [
        Fault("body shorter than its length", .path("short-body"), "truncated", 200),
        Fault("body longer than its length", .path("long-body"), nil, 200),
        Fault("several lengths", .path("two-lengths"), "protocol", 200, orNoResponse: true),
        Fault("several lengths", .path("length-and-chunked"), nil, 200),
        Fault("several lengths", .path("huge-length"), "protocol", 200),
        Fault("malformed field", .path("negative-length"), "protocol"), Fault("malformed field", .path("nul-header"), "protocol"),
        Fault("malformed field", .path("no-colon"), "protocol"), Fault("malformed or cut chunks", .path("cut-chunk"), "truncated", 200),
        Fault("malformed or cut chunks", .path("no-last-chunk"), "truncated", 200),
        Fault("malformed or cut chunks", .path("trailer-cut"), "truncated", 200),
        Fault("malformed or cut chunks", .path("bad-chunk"), "protocol", 200),
        Fault("malformed or cut chunks", .path("big-chunk"), "protocol", 200),
        Fault("body that ends with the connection", .path("until-close"), nil, 200),
        Fault("malformed status line", .path("empty"), "protocol"), Fault("malformed status line", .path("http09"), "protocol"),
        Fault("malformed status line", .path("bad-status"), "protocol"), Fault("malformed status line", .path("status-99"), "protocol"),
        Fault("malformed status line", .path("status-1000"), "protocol"), Fault("unusual status", .path("status?code=999"), "http", 999),
        Fault("unusual status", .path("switch"), "protocol", 101), Fault("unusual status", .path("body-on-204"), nil, 204),
        Fault("unusual status", .path("status?code=304"), nil, 304), Fault("unusual status", .path("odd-reason"), "http", 404),
        Fault("interim responses", .path("interim?n=100000"), "protocol"), Fault("interim responses", .path("interim"), nil, 200),
        Fault("large head", .path("long-header"), "too_large"), Fault("large head", .path("many-headers"), "too_large"),
        Fault("large head", .path("endless-headers"), "too_large"),
        Fault("redirects without end or target", .path("loop"), "redirect", 302),
        Fault("redirects without end or target", .path("chain?n=20"), nil, 200),
        Fault("redirects without end or target", .path("chain?n=21"), "redirect", 301),
        Fault("redirects without end or target", .path("nowhere"), nil, 302),
        Fault("redirect to another scheme", .path("redirect?to=file:///etc/passwd"), "redirect", 302),
        Fault("redirect to another scheme", .path("redirect?to=ftp://h/"), "redirect", 302),
        Fault("redirect to another scheme", .path("redirect?to=gopher://h/"), "redirect", 302),
        Fault("redirect to a host at its limit", .path("redirect?to=/text?s=x"), nil, 200, options: ["--per-host=1"]),
        Fault("Retry-After", .path("flaky?key=c16&how=503&after=1"), nil, 200, options: ["--retry=1"]),
        Fault("Retry-After", .path("flaky?key=c16b&how=429&after=-3"), nil, 200, options: ["--retry=1"]),
        Fault("Retry-After", .path("flaky?key=c16c&how=503&after=259200"), "http", 503, options: ["--retry=1"]),
        Fault("Retry-After", .path("flaky?key=c16d&how=503&after=100000000000000000000"), "http", 503, options: ["--retry=1"]),
        Fault("Retry-After", .path("flaky?key=c16e&how=429&after=1&date=1"), nil, 200, options: ["--retry=1"]),
        Fault("range", .path("wrong-range"), "protocol", 206), Fault("range", .path("wrong-range"), nil, 206, options: ["-r700-799"]),
        Fault("HEAD with a body", .path("head-body"), nil, 200, options: ["-XHEAD"]),
        Fault("odd but allowed response", .path("http10"), nil, 200), Fault("odd but allowed response", .path("lf-only"), nil, 200),
        Fault("odd but allowed response", .path("folded"), nil, 200),
        Fault("odd but allowed response", .path("odd-headers"), nil, 200),
        Fault("odd but allowed response", .path("extra-answer"), nil, 200), Fault("odd but allowed response", .path("chunked"), nil, 200),
        Fault("odd but allowed response", .path("status?code=400"), "http", 400),
        Fault("odd but allowed response", .path("ok?n=0"), nil, 200),
    ]

    /// Heads that mean something else than they seem to, or nothing.
    static let heads =
        ["gzip, chunked", "foo, chunked", "chunked, foo", "chunked, gzip", "chunked, chunked"].map {
            Fault(
                "transfer coding", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: \($0)\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "protocol", 200,
                orNoResponse: true)
        }
        + ["", "Content-Length: 5\r\n", "Content-Length: 3\r\n"].flatMap { length in
            ["gzip", "identityx", "foo"].map {
                Fault(
                    "transfer coding", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: \($0)\r\n\(length)\r\nhello"), "protocol", 200,
                    orNoResponse: true)
            }
        }
        + [
            // A newer libcurl puts the lines together.
            Fault(
                "transfer coding", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                Libcurl.unfoldsHeaders ? nil : "protocol", 200),
            Fault("transfer coding", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"), nil, 200),
            Fault("several lengths", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello"), nil, 200),
            Fault("several lengths", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5,5\r\n\r\nhello"), nil, 200),
            Fault("several lengths", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5,6\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault(
                "malformed field", .raw("HTTP/1.1 200 OK\r\n X: y\r\nContent-Length: 5\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault(
                "malformed field", .raw("HTTP/1.1 200 OK\r\nX\rY: z\r\nContent-Length: 5\r\n\r\nhello"), "protocol", 200, orNoResponse: true
            ),
            Fault(
                "malformed field", .raw("HTTP/1.1 200 OK\r\nX\r: z\r\nContent-Length: 5\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault("malformed status line", .raw("HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello"), "protocol"),
            Fault("malformed status line", .raw("HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello"), "protocol"),
            Fault("content coding", .raw("HTTP/1.1 200 OK\r\nContent-Encoding: none\r\nContent-Length: 5\r\n\r\nhello"), nil, 200),
            Fault("content coding", .raw("HTTP/1.1 204 No\r\nContent-Encoding: br\r\n\r\n"), nil, 204),
            Fault("content coding", .raw("HTTP/1.1 304 No\r\nContent-Encoding: br\r\n\r\n"), nil, 304),
            Fault(
                "content coding", .raw("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n"), nil, 200, options: ["-I"]),
            Fault("content coding", .raw("HTTP/1.1 404 No\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello"), "http", 404),
            Fault("head that ends early", .raw("HTTP/1.1 200 OK\r\n"), "truncated"),
            Fault("head that ends early", .raw("HTTP/1.1 200 OK\r\nX: y\r\n"), "truncated"),
            Fault("head that ends early", .raw("HTTP/1.1 200 OK\r\nX: y\r\nCont"), "truncated"),
            Fault("head that ends early", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), "truncated"),
            Fault("head that ends early", .raw("HTTP/1.1 100 Continue\r\n\r\n"), "truncated"),
            Fault("head that ends early", .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n"), "truncated"),
            Fault("head that ends early", .path("raw?reset=1&b=HTTP/1.1%20200%20OK%0D%0AX:%20y%0D%0A"), "truncated"),
            Fault("malformed or cut chunks", .path("endless-trailers"), "too_large", 200),
            Fault(
                "malformed or cut chunks", .path("endless-extension"), "protocol", 200, options: ["-m150", "--speed-time=150"], limit: 150),
            Fault("interim responses", .path("interim?n=64"), nil, 200), Fault("interim responses", .path("interim?n=65"), "protocol"),
        ]

    static let http2 =
        [
            Fault("HTTP/2 stream", .http2("ok"), nil, 200), Fault("HTTP/2 stream", .http2("cut"), "truncated", 200),
            Fault("HTTP/2 stream", .http2("cut-no-length"), "truncated", 200),
            Fault("HTTP/2 stream", .http2("burst-reset"), "protocol", 200, or: "truncated", orNoResponse: true),
            Fault("HTTP/2 stream", .http2("burst-reset?nolength=1"), "protocol", 200, or: "truncated", orNoResponse: true),
            Fault("HTTP/2 stream", .http2("rst-error"), "truncated", 200),
            Fault("HTTP/2 stream", .http2("rst-no-error-length"), "truncated", 200),
            // What a libcurl before 8.3 cannot tell from a good end is marked.
            Fault("HTTP/2 stream", .http2("rst-no-error"), Libcurl.tracesHTTP2 ? "truncated" : nil, 200),
            Fault("HTTP/2 stream", .http2("rst-empty"), Libcurl.tracesHTTP2 ? "truncated" : "protocol", 200, orNoResponse: true),
            Fault("HTTP/2 stream", .http2("no-length"), nil, 200), Fault("HTTP/2 stream", .http2("no-length?n=0"), nil, 200),
            Fault("HTTP/2 stream", .http2("no-length?n=300000"), nil, 200), Fault("HTTP/2 stream", .http2("status?code=000"), "protocol"),
            Fault("HTTP/2 flood", .http2("header-bomb"), "too_large"), Fault("HTTP/2 flood", .http2("header-bomb?mb=0.2"), "too_large"),
        ]
        + ["window", "empty", "padding", "ping", "settings"].flatMap { flood in
            ["", "?early=1"].map {
                Fault(
                    "HTTP/2 flood", .http2("\(flood)-flood\($0)"), "protocol", 200, or: "truncated", orNoResponse: true,
                    options: ["-m150", "--speed-time=150"], limit: 30
                )
            }
        } + [
            Fault("HTTP/2 stream", .http2("short-body"), "protocol", 200, or: "truncated", orNoResponse: true),
            Fault("HTTP/2 stream", .http2("refused"), "connect"), Fault("HTTP/2 stream", .http2("calm"), "connect", or: "protocol"),
            Fault("HTTP/2 stream", .http2("goaway"), "protocol", or: "connect"),
            Fault("HTTP/2 stream", .http2("goaway-graceful"), nil, 200),
            Fault("HTTP/2 stream", .http2("silent"), "timeout_first_byte"),
            Fault("HTTP/2 stream", .http2("stall"), "timeout_total", 200, options: ["-m5"]),
            Fault("HTTP/2 stream", .http2("status?code=404"), "http", 404), Fault("HTTP/2 stream", .http2("gzip-cut"), "truncated", 200),
            Fault("HTTP/2 stream", .http2("gzip-ok"), nil, 200),
            Fault("HTTP/2 body over the limit", .http2("big?mb=20"), "too_large", 200, orNoResponse: true, options: ["--max-filesize=1M"]),
        ]

    static let tls = [
        Fault("certificate", .handshake("good"), nil, 200), Fault("certificate", .handshake("good", certificate: \.expired), "tls"),
        Fault("certificate", .handshake("good", certificate: \.early), "tls"),
        Fault("certificate", .handshake("good", certificate: \.selfSigned), "tls"),
        Fault("certificate", .handshake("good", certificate: \.wrongName), "tls"),
        Fault("certificate", .handshake("good", certificate: \.unknown), "tls"),
        Fault("TLS version", .handshake("tls-10"), "tls"), Fault("TLS version", .handshake("tls-12"), nil, 200),
        Fault("TLS version", .handshake("tls-13"), nil, 200),
        Fault("TLS version", .handshake("alert"), "tls"), Fault("handshake", .handshake("garbage"), "tls"),
        Fault("handshake", .handshake("plain"), "tls"),
        Fault("handshake", .handshake("half"), "timeout_connect"), Fault("handshake", .handshake("hang-up"), "tls"),
        Fault("handshake", .handshake("close"), "tls"), Fault("handshake", .handshake("reset"), "tls"),
        Fault("end of TLS", .handshake("no-close-notify"), nil, 200),
        Fault("end of TLS", .handshake("no-close-notify", path: "chunked"), nil, 200),
        Fault("end of TLS", .handshake("no-close-notify", path: "cut"), "truncated", 200),
        Fault("end of TLS", .handshake("no-close-notify", path: "cut-chunk"), "truncated", 200),
        // libcurl 7.88 does not tell how TLS ended; the outcome says that the length is not proved.
        Fault("end of TLS", .handshake("no-close-notify", path: "until-close"), nil, 200, or: "truncated"),
        Fault("end of TLS", .handshake("close-notify"), nil, 200), Fault("client certificate", .handshake("client-certificate-12"), "tls"),
        Fault("client certificate", .handshake("client-certificate"), "tls", or: "connect"), Fault("good TLS", .tls("text?s=x"), nil, 200),
    ]

    static let bodies = [
        Fault("endless body", .path("endless"), "too_large", 200, options: ["--max-filesize=1M"]),
        Fault("endless body", .path("endless-plain"), "too_large", 200, options: ["--max-filesize=1M"]),
        Fault("compression bomb", .path("bomb"), "too_large", 200),
        Fault("compression bomb", .path("bomb?mb=5"), nil, 200),
        Fault("compression bomb", .path("gzip-ok?n=9000"), "too_large", 200, options: ["--max-filesize=1k"]),
        Fault("compression bomb", .path("bomb-twice"), "decode", 200), Fault("content coding", .path("six-codings"), "decode", 200),
        Fault("content coding", .path("unknown-coding"), "decode", 200), Fault("content coding", .path("deflate-unasked"), "decode", 200),
        Fault("content coding", .path("gzip-not"), "decode", 200), Fault("gzip cut or damaged", .path("gzip-cut"), "truncated", 200),
        Fault("gzip cut or damaged", .path("gzip-cut-chunked"), "truncated", 200),
        Fault("gzip cut or damaged", .path("gzip-bad-sum"), "decode", 200),
        Fault("gzip cut or damaged", .path("gzip-trailing"), "decode", 200),
        Fault("gzip members and framings", .path("gzip-two"), nil, 200),
        Fault("gzip members and framings", .path("gzip-until-close"), nil, 200),
        Fault("gzip members and framings", .path("gzip-chunked"), nil, 200),
        Fault("gzip members and framings", .path("x-gzip"), nil, 200),
        Fault("empty body", .path("gzip-empty"), nil, 200), Fault("empty body", .path("status?code=204"), nil, 204),
    ]

    static let security = [
        Fault("private address", .path("text?s=x"), "blocked", options: ["--block-private"]),
        Fault(
            "redirect to a private address", .path("redirect?to=http://127.0.0.2:1/"), "blocked",
            options: ["--block-private", "--allow-cidr=127.0.0.1"]),
        Fault("private address by name", .inside("http://v4-127-0-0-5.test:PORT/"), "blocked", options: ["--block-private"]),
        Fault(
            "hash that differs", .shell("echo '{\"url\":\"'$URL'/text?s=x\",\"sha256\":\"'$(printf %064d 0)'\"}' | $FETCH"), "integrity",
            200),
    ]

    static let process = [
        // The signal is sent when the server has the request, and when it has got rid of so much that some of it has been read.
        Fault(
            "signal",
            .shell("(curl -s $URL/hold?key=int; kill -INT $$) >&2 & exec timeout --preserve-status -s INT 600 $FETCH $URL/silent?key=int"),
            "cancelled", options: ["--speed-time=600"], exit: 130),
        Fault(
            "signal",
            .shell(
                "(curl -s $URL/hold?key=term; kill -TERM $$) >&2 & "
                    + "exec timeout --preserve-status -s TERM 600 $FETCH \"$URL/stall?n=20000000&key=term\""),
            "cancelled", 200, options: ["--speed-time=600"], exit: 143),
        Fault("stop by a limit", .shell("$FETCH --deadline 5 $URL/silent"), "cancelled", options: ["--speed-time=60"], exit: 75),
        Fault("closed standard stream", .shell("$FETCH $URL/text?s=x <&-"), nil, 200),
        Fault("closed standard stream", .shell("$FETCH $URL/text?s=x 2>&-"), nil, 200),
        Fault(
            "stop by a limit", .shell("$FETCH --breaker-delay 10ms -j1 --per-host 1 http://127.0.0.1:1/{1..9} | tail -1"), "host_down",
            exit: 1),
    ]

    static let resources = [
        Fault("no room for bodies", .shell("TMPDIR=/nonexistent $FETCH --no-body $URL/big?mb=30 $URL/ok"), nil, 200),
        Fault("no room for bodies", .shell("TMPDIR=/nonexistent $FETCH --body-memory=1M $URL/big?mb=5"), "local_resource", 200),
        Fault(
            "no socket", .shell("strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=EMFILE $FETCH $URL/text?s=x"),
            "local_resource",
            limit: 30),
        Fault(
            "host given up",
            .shell(
                "for i in {1..40}; do echo $URL/silent; done | $FETCH -m 300ms --breaker-delay 10ms | jq -c 'select(.error == \"host_down\")'"
            ), "host_down", exit: 1),
        Fault("few descriptors", .shell("ulimit -n 40; for i in {1..300}; do echo $URL/text?s=x; done | $FETCH -j 1000"), nil, 200),
        Fault(
            "no socket", .shell("strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=EMFILE:when=1..3 $FETCH $URL/text?s=x"),
            nil,
            200),
        Fault(
            "no socket", .shell("strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=ENFILE $FETCH $URL/text?s=x"),
            "local_resource"),
        Fault(
            "no local ports",
            .shell("strace -f -qq -o /dev/null -e trace=connect -e inject=connect:error=EADDRNOTAVAIL:when=1..3 $FETCH $URL/text?s=x"), nil,
            200),
        Fault("one processor", .shell("taskset -c 0 $FETCH -j 100 $URL/text?s=x $URL/ok $URL/chain"), nil, 200),
    ]
}
