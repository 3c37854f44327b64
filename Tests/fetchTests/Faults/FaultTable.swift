// The catalogue: groups A input, B network, C HTTP, D TLS, E bodies, G process, H resources, J
// security. A new fault is a row here, and
// perhaps a function in one of the scripted servers.

import Foundation
import Support

extension Fault {
    static let all = input + network + http + heads + http2 + tls + bodies + process + resources + security

    static let input = [
        Fault(
            "A14", .line(#"{"url":"http://HOST/echo","body":"x","headers":{"Content-Length":"1","Transfer-Encoding":"chunked"}}"#), "input"),
        Fault("A14", .line(#"{"url":"http://HOST/echo","body":"x","headers":{"Content-Length":"2"}}"#), "input"),
        Fault("A14", .line(#"{"url":"http://HOST/echo","headers":{"Transfer-Encoding":"chunked"}}"#), "input"),
        Fault("A14", .line(#"{"url":"http://HOST/echo","body":"x","headers":{"Content-Length":"1"}}"#), nil, 200),
        Fault("A1", .bytes(Array("http://127.0.0.1:1/\u{FF}".utf8) + [0xFF, 0xFE, 0x0A]), "connect"),
        Fault("A2", .bytes(Array("http://127.0.0.1:1/a".utf8) + [0] + Array("b\n".utf8)), "input"),
        Fault("A3", .line("http://HOST/a\tb"), "input"), Fault("A3", .line("http://HOST/a\u{1B}b"), "input"),
        Fault("A3", .line("http://HOST/text?s=x\r"), nil, 200), Fault("A4", .line("http://HOST/a b"), "input"),
        Fault("A5", .shell("head -c 3M /dev/zero | tr '\\0' a | $FETCH"), "input"),
        Fault("A5", .shell("printf \"$URL/text?s=x\" | $FETCH"), nil, 200),
        Fault("A6", .shell("printf '\\xEF\\xBB\\xBF%s\\n' $URL/text?s=x | $FETCH"), nil, 200),
        Fault("A7", .line("file:///etc/passwd"), "input"), Fault("A7", .line("gopher://HOST/"), "input"),
        Fault("A7", .line("ftp://HOST/"), "input"), Fault("A7", .line("HOST/text?s=x"), nil, 200),
        Fault("A8", .line("http:///HOST/text?s=x"), nil, 200), Fault("A9", .line("http://a@b@HOST/"), "input"),
        Fault("A9", .line("http://HOST\\@elsewhere.test/"), "input"), Fault("A10", .line("http://127.0.0.1:0/"), "input"),
        Fault("A10", .line("http://127.0.0.1:99999/"), "input"), Fault("A10", .line("http://127.0.0.1:port/"), "input"),
        Fault("A11", .line("http://127.1:1/"), "connect"), Fault("A11", .line("http://0x7f000001:1/"), "connect"),
        // Not every libcurl knows international names.
        Fault(
            "A12", .shell("LC_ALL=C $FETCH --connect-to ::${URL#http://} http://m\u{FC}ller.invalid/text?s=x"), nil, 200, or: "input",
            orNoResponse: true),
        Fault(
            "A13", .shell("$FETCH http://\u{2460}\u{2461}\u{2466}.\u{24EA}.\u{24EA}.\u{2460}:${URL##*:}/text?s=x"), nil, 200, or: "input",
            orNoResponse: true),
        Fault("A11", .line("http://2130706433:1/"), "connect"), Fault("A11", .line("http://[::1"), "input"),
    ]

    static let network = [
        Fault("B1", .inside("http://nx.test:PORT/"), "dns_permanent"), Fault("B1", .inside("http://empty.test:PORT/"), "dns_permanent"),
        Fault("B1", .inside("http://servfail.test:PORT/"), "dns_temporary"),
        Fault("B1", .inside("http://refuse.test:PORT/"), "dns_temporary"),
        Fault("B1", .inside("http://drop.test:PORT/", isPatient: false), "dns_temporary"),
        Fault("B1", .inside("http://any.test:PORT/text?s=x"), nil, 200), Fault("B1", .inside("http://tcp.test:PORT/text?s=x"), nil, 200),
        Fault("B1", .inside("http://flaky-1-x.test:PORT/text?s=x"), nil, 200, options: ["--retry=2"]),
        Fault("B1", .line("http://\(String(repeating: "x", count: 70)).invalid/"), "dns_permanent"),
        Fault("B2", .inside("http://slow-5000-x.test:PORT/"), "dns_temporary", options: ["--connect-timeout=1"]),
        Fault("B3", .inside("http://two.test:PORT/text?s=x"), nil, 200), Fault("B3", .inside("http://many.test:PORT/"), "connect"),
        Fault("B4", .inside("http://dead6.test:PORT/text?s=x"), nil, 200),
        Fault("B4", .inside("http://unreachable6.test:PORT/text?s=x"), nil, 200),
        Fault("B4", .inside("http://both-127-0-0-1--x.test:PORT/text?s=x"), nil, 200),
        Fault("B4", .inside("http://servfail6.test:PORT/text?s=x"), nil, 200),
        Fault("B5", .inside("http://10.99.0.1:PORT/"), "timeout_connect"),
        // The name must have its address before the time is over.
        Fault("B5", .inside("http://v4-10-99-0-1.test:PORT/"), "timeout_connect", options: ["--connect-timeout=5"], limit: 6),
        Fault("B5", .inside("http://[fd00:99::1]:PORT/"), "timeout_connect"),
        Fault("B6", .inside("http://127.0.0.1:1/"), "connect"), Fault("B6", .inside("http://10.98.0.1:PORT/"), "connect"),
        Fault("B6", .inside("http://10.97.0.1:PORT/"), "connect"), Fault("B6", .inside("http://10.1.0.1:PORT/"), "connect"),
        Fault("B7", .path("silent"), "timeout_first_byte"), Fault("B7", .handshake("silent"), "timeout_connect"),
        Fault("B7", .balancer("drop"), "timeout_first_byte"),
        // The head must be there before the time is over, here and where -m5 is.
        Fault("B8", .path("stall"), "timeout_stall", 200, options: ["--speed-time=5"], limit: 12),
        Fault("B9", .path("reset"), "connect"), Fault("B9", .path("reset?when=head"), "truncated", 200),
        Fault("B9", .path("reset?when=body"), "truncated", 200), Fault("B10", .path("idle-close"), nil, 200),
        Fault("B11", .path("drip?n=100"), "timeout_total", 200, options: ["-m5"]),
        Fault("B11", .path("drip-head?ms=400"), "timeout_first_byte"),
        Fault("B11", .path("drip-head?ms=400"), "timeout_total", options: ["-m1", "--speed-time=9"]),
        Fault("B11", .path("drip?n=15"), nil, 200), Fault("B15", .proxy(.good, "http://HOST/text?s=x"), nil, 200),
        Fault("B15", .proxy(.closed, "http://HOST/"), "connect"), Fault("B15", .proxy(.strict, "http://HOST/"), "http", 407),
        Fault("B15", .proxy(.strict, "https://HOST/"), "connect"), Fault("B15", .proxy(.hangsUp, "https://HOST/"), "connect"),
        Fault("B15", .balancer("down"), "http", 503), Fault("B15", .balancer("slow"), "http", 504), Fault("B15", .balancer("ok"), nil, 200),
        Fault("B15", .balancer("deny"), "http", 403), Fault("B15", .balancer("tarpit"), "http", 500),
        Fault("B15", .balancer("reject"), "protocol"),
    ]

    static let http = [
        Fault("C1", .path("short-body"), "truncated", 200), Fault("C2", .path("long-body"), nil, 200),
        Fault("C3", .path("two-lengths"), "protocol", 200, orNoResponse: true), Fault("C3", .path("length-and-chunked"), nil, 200),
        Fault("C3", .path("huge-length"), "protocol", 200),
        Fault("C4", .path("negative-length"), "protocol"), Fault("C4", .path("nul-header"), "protocol"),
        Fault("C4", .path("no-colon"), "protocol"), Fault("C5", .path("cut-chunk"), "truncated", 200),
        Fault("C5", .path("no-last-chunk"), "truncated", 200), Fault("C5", .path("trailer-cut"), "truncated", 200),
        Fault("C5", .path("bad-chunk"), "protocol", 200), Fault("C5", .path("big-chunk"), "protocol", 200),
        Fault("C6", .path("until-close"), nil, 200), Fault("C7", .path("empty"), "protocol"), Fault("C7", .path("http09"), "protocol"),
        Fault("C7", .path("bad-status"), "protocol"), Fault("C7", .path("status-99"), "protocol"),
        Fault("C7", .path("status-1000"), "protocol"), Fault("C8", .path("status?code=999"), "http", 999),
        Fault("C8", .path("switch"), "protocol", 101), Fault("C8", .path("body-on-204"), nil, 204),
        Fault("C8", .path("status?code=304"), nil, 304), Fault("C8", .path("odd-reason"), "http", 404),
        Fault("C9", .path("interim?n=100000"), "protocol"), Fault("C9", .path("interim"), nil, 200),
        Fault("C10", .path("long-header"), "too_large"), Fault("C10", .path("many-headers"), "too_large"),
        Fault("C10", .path("endless-headers"), "too_large"), Fault("C11", .path("loop"), "redirect", 302),
        Fault("C11", .path("chain?n=20"), nil, 200), Fault("C11", .path("chain?n=21"), "redirect", 301),
        Fault("C11", .path("nowhere"), nil, 302), Fault("C12", .path("redirect?to=file:///etc/passwd"), "redirect", 302),
        Fault("C12", .path("redirect?to=ftp://h/"), "redirect", 302), Fault("C12", .path("redirect?to=gopher://h/"), "redirect", 302),
        Fault("C14", .path("redirect?to=/text?s=x"), nil, 200, options: ["--per-host=1"]),
        Fault("C16", .path("flaky?key=c16&how=503&after=1"), nil, 200, options: ["--retry=1"]),
        Fault("C16", .path("flaky?key=c16b&how=429&after=-3"), nil, 200, options: ["--retry=1"]),
        Fault("C16", .path("flaky?key=c16c&how=503&after=259200"), "http", 503, options: ["--retry=1"]),
        Fault("C16", .path("flaky?key=c16d&how=503&after=100000000000000000000"), "http", 503, options: ["--retry=1"]),
        Fault("C16", .path("flaky?key=c16e&how=429&after=1&date=1"), nil, 200, options: ["--retry=1"]),
        Fault("C17", .path("wrong-range"), "protocol", 206), Fault("C17", .path("wrong-range"), nil, 206, options: ["-r700-799"]),
        Fault("C21", .path("head-body"), nil, 200, options: ["-XHEAD"]),
        Fault("C0", .path("http10"), nil, 200), Fault("C0", .path("lf-only"), nil, 200), Fault("C0", .path("folded"), nil, 200),
        Fault("C0", .path("odd-headers"), nil, 200), Fault("C0", .path("extra-answer"), nil, 200), Fault("C0", .path("chunked"), nil, 200),
        Fault("C0", .path("status?code=400"), "http", 400), Fault("C0", .path("ok?n=0"), nil, 200),
    ]

    /// Heads that mean something else than they seem to, or nothing.
    static let heads =
        ["gzip, chunked", "foo, chunked", "chunked, foo", "chunked, gzip", "chunked, chunked"].map {
            Fault(
                "C23", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: \($0)\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "protocol", 200,
                orNoResponse: true)
        }
        + ["", "Content-Length: 5\r\n", "Content-Length: 3\r\n"].flatMap { length in
            ["gzip", "identityx", "foo"].map {
                Fault("C23", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: \($0)\r\n\(length)\r\nhello"), "protocol", 200, orNoResponse: true)
            }
        }
        + [
            // A newer libcurl puts the lines together.
            Fault(
                "C23", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                Libcurl.unfoldsHeaders ? nil : "protocol", 200),
            Fault("C23", .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"), nil, 200),
            Fault("C3", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello"), nil, 200),
            Fault("C3", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5,5\r\n\r\nhello"), nil, 200),
            Fault("C3", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5,6\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault("C4", .raw("HTTP/1.1 200 OK\r\n X: y\r\nContent-Length: 5\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault("C4", .raw("HTTP/1.1 200 OK\r\nX\rY: z\r\nContent-Length: 5\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault("C4", .raw("HTTP/1.1 200 OK\r\nX\r: z\r\nContent-Length: 5\r\n\r\nhello"), "protocol", 200, orNoResponse: true),
            Fault("C7", .raw("HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello"), "protocol"),
            Fault("C7", .raw("HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello"), "protocol"),
            Fault("E3", .raw("HTTP/1.1 200 OK\r\nContent-Encoding: none\r\nContent-Length: 5\r\n\r\nhello"), nil, 200),
            Fault("E3", .raw("HTTP/1.1 204 No\r\nContent-Encoding: br\r\n\r\n"), nil, 204),
            Fault("E3", .raw("HTTP/1.1 304 No\r\nContent-Encoding: br\r\n\r\n"), nil, 304),
            Fault("E3", .raw("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n"), nil, 200, options: ["-I"]),
            Fault("E3", .raw("HTTP/1.1 404 No\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello"), "http", 404),
            Fault("C24", .raw("HTTP/1.1 200 OK\r\n"), "truncated"), Fault("C24", .raw("HTTP/1.1 200 OK\r\nX: y\r\n"), "truncated"),
            Fault("C24", .raw("HTTP/1.1 200 OK\r\nX: y\r\nCont"), "truncated"),
            Fault("C24", .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), "truncated"),
            Fault("C24", .raw("HTTP/1.1 100 Continue\r\n\r\n"), "truncated"),
            Fault("C24", .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n"), "truncated"),
            Fault("C24", .path("raw?reset=1&b=HTTP/1.1%20200%20OK%0D%0AX:%20y%0D%0A"), "truncated"),
            Fault("C5", .path("endless-trailers"), "too_large", 200),
            Fault("C5", .path("endless-extension"), "protocol", 200, options: ["-m150", "--speed-time=150"], limit: 150),
            Fault("C9", .path("interim?n=64"), nil, 200), Fault("C9", .path("interim?n=65"), "protocol"),
        ]

    static let http2 =
        [
            Fault("C18", .http2("ok"), nil, 200), Fault("C18", .http2("cut"), "truncated", 200),
            Fault("C18", .http2("cut-no-length"), "truncated", 200),
            Fault("C18", .http2("burst-reset"), "protocol", 200, or: "truncated", orNoResponse: true),
            Fault("C18", .http2("burst-reset?nolength=1"), "protocol", 200, or: "truncated", orNoResponse: true),
            Fault("C18", .http2("rst-error"), "truncated", 200), Fault("C18", .http2("rst-no-error-length"), "truncated", 200),
            // What a libcurl before 8.3 cannot tell from a good end is marked.
            Fault("C18", .http2("rst-no-error"), Libcurl.tracesHTTP2 ? "truncated" : nil, 200),
            Fault("C18", .http2("rst-empty"), Libcurl.tracesHTTP2 ? "truncated" : "protocol", 200, orNoResponse: true),
            Fault("C18", .http2("no-length"), nil, 200), Fault("C18", .http2("no-length?n=0"), nil, 200),
            Fault("C18", .http2("no-length?n=300000"), nil, 200), Fault("C18", .http2("status?code=000"), "protocol"),
            Fault("C22", .http2("header-bomb"), "too_large"), Fault("C22", .http2("header-bomb?mb=0.2"), "too_large"),
        ]
        + ["window", "empty", "padding", "ping", "settings"].flatMap { flood in
            ["", "?early=1"].map {
                Fault(
                    "C22", .http2("\(flood)-flood\($0)"), "protocol", 200, or: "truncated", orNoResponse: true,
                    options: ["-m150", "--speed-time=150"], limit: 30
                )
            }
        } + [
            Fault("C18", .http2("short-body"), "protocol", 200, or: "truncated", orNoResponse: true),
            Fault("C18", .http2("refused"), "connect"), Fault("C18", .http2("calm"), "connect", or: "protocol"),
            Fault("C18", .http2("goaway"), "protocol", or: "connect"), Fault("C18", .http2("goaway-graceful"), nil, 200),
            Fault("C18", .http2("silent"), "timeout_first_byte"), Fault("C18", .http2("stall"), "timeout_total", 200, options: ["-m5"]),
            Fault("C18", .http2("status?code=404"), "http", 404), Fault("C18", .http2("gzip-cut"), "truncated", 200),
            Fault("C18", .http2("gzip-ok"), nil, 200),
            Fault("C19", .http2("big?mb=20"), "too_large", 200, orNoResponse: true, options: ["--max-filesize=1M"]),
        ]

    static let tls = [
        Fault("D1", .handshake("good"), nil, 200), Fault("D1", .handshake("good", certificate: \.expired), "tls"),
        Fault("D1", .handshake("good", certificate: \.early), "tls"), Fault("D1", .handshake("good", certificate: \.selfSigned), "tls"),
        Fault("D1", .handshake("good", certificate: \.wrongName), "tls"), Fault("D1", .handshake("good", certificate: \.unknown), "tls"),
        Fault("D2", .handshake("tls-10"), "tls"), Fault("D2", .handshake("tls-12"), nil, 200), Fault("D2", .handshake("tls-13"), nil, 200),
        Fault("D2", .handshake("alert"), "tls"), Fault("D3", .handshake("garbage"), "tls"), Fault("D3", .handshake("plain"), "tls"),
        Fault("D3", .handshake("half"), "timeout_connect"), Fault("D3", .handshake("hang-up"), "tls"),
        Fault("D3", .handshake("close"), "tls"), Fault("D3", .handshake("reset"), "tls"),
        Fault("D4", .handshake("no-close-notify"), nil, 200),
        Fault("D4", .handshake("no-close-notify", path: "chunked"), nil, 200),
        Fault("D4", .handshake("no-close-notify", path: "cut"), "truncated", 200),
        Fault("D4", .handshake("no-close-notify", path: "cut-chunk"), "truncated", 200),
        // libcurl 7.88 does not tell how TLS ended; the outcome says that the length is not proved.
        Fault("D4", .handshake("no-close-notify", path: "until-close"), nil, 200, or: "truncated"),
        Fault("D4", .handshake("close-notify"), nil, 200), Fault("D6", .handshake("client-certificate-12"), "tls"),
        Fault("D6", .handshake("client-certificate"), "tls", or: "connect"), Fault("D0", .tls("text?s=x"), nil, 200),
    ]

    static let bodies = [
        Fault("E1", .path("endless"), "too_large", 200, options: ["--max-filesize=1M"]),
        Fault("E1", .path("endless-plain"), "too_large", 200, options: ["--max-filesize=1M"]), Fault("E2", .path("bomb"), "too_large", 200),
        Fault("E2", .path("bomb?mb=5"), nil, 200), Fault("E2", .path("gzip-ok?n=9000"), "too_large", 200, options: ["--max-filesize=1k"]),
        Fault("E2", .path("bomb-twice"), "decode", 200), Fault("E3", .path("six-codings"), "decode", 200),
        Fault("E3", .path("unknown-coding"), "decode", 200), Fault("E3", .path("deflate-unasked"), "decode", 200),
        Fault("E3", .path("gzip-not"), "decode", 200), Fault("E4", .path("gzip-cut"), "truncated", 200),
        Fault("E4", .path("gzip-cut-chunked"), "truncated", 200), Fault("E4", .path("gzip-bad-sum"), "decode", 200),
        Fault("E4", .path("gzip-trailing"), "decode", 200), Fault("E5", .path("gzip-two"), nil, 200),
        Fault("E5", .path("gzip-until-close"), nil, 200), Fault("E5", .path("gzip-chunked"), nil, 200),
        Fault("E5", .path("x-gzip"), nil, 200),
        Fault("E6", .path("gzip-empty"), nil, 200), Fault("E6", .path("status?code=204"), nil, 204),
    ]

    static let security = [
        Fault("J1", .path("text?s=x"), "blocked", options: ["--block-private"]),
        Fault("J4", .path("redirect?to=http://127.0.0.2:1/"), "blocked", options: ["--block-private", "--allow-cidr=127.0.0.1"]),
        Fault("J3", .inside("http://v4-127-0-0-5.test:PORT/"), "blocked", options: ["--block-private"]),
        Fault("J0", .shell("echo '{\"url\":\"'$URL'/text?s=x\",\"sha256\":\"'$(printf %064d 0)'\"}' | $FETCH"), "integrity", 200),
    ]

    static let process = [
        // The signal is sent when the server has the request, and when it has got rid of so much that some of it has been read.
        Fault(
            "G1",
            .shell("(curl -s $URL/hold?key=int; kill -INT $$) >&2 & exec timeout --preserve-status -s INT 600 $FETCH $URL/silent?key=int"),
            "cancelled", options: ["--speed-time=600"], exit: 130),
        Fault(
            "G1",
            .shell(
                "(curl -s $URL/hold?key=term; kill -TERM $$) >&2 & "
                    + "exec timeout --preserve-status -s TERM 600 $FETCH \"$URL/stall?n=20000000&key=term\""),
            "cancelled", 200, options: ["--speed-time=600"], exit: 143),
        Fault("G0", .shell("$FETCH --deadline 5 $URL/silent"), "cancelled", options: ["--speed-time=60"], exit: 75),
        Fault("G6", .shell("$FETCH $URL/text?s=x <&-"), nil, 200), Fault("G6", .shell("$FETCH $URL/text?s=x 2>&-"), nil, 200),
        Fault("G0", .shell("$FETCH --breaker-delay 10ms -j1 --per-host 1 http://127.0.0.1:1/{1..9} | tail -1"), "host_down", exit: 1),
    ]

    static let resources = [
        Fault("H3", .shell("TMPDIR=/nonexistent $FETCH --no-body $URL/big?mb=30 $URL/ok"), nil, 200),
        Fault("H3", .shell("TMPDIR=/nonexistent $FETCH --body-memory=1M $URL/big?mb=5"), "local_resource", 200),
        Fault(
            "H2", .shell("strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=EMFILE $FETCH $URL/text?s=x"), "local_resource",
            limit: 30),
        Fault(
            "B17",
            .shell(
                "for i in {1..40}; do echo $URL/silent; done | $FETCH -m 300ms --breaker-delay 10ms | jq -c 'select(.error == \"host_down\")'"
            ), "host_down", exit: 1),
        Fault("H1", .shell("ulimit -n 40; for i in {1..300}; do echo $URL/text?s=x; done | $FETCH -j 1000"), nil, 200),
        Fault(
            "H2", .shell("strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=EMFILE:when=1..3 $FETCH $URL/text?s=x"), nil,
            200),
        Fault(
            "H2", .shell("strace -f -qq -o /dev/null -e trace=socket -e inject=socket:error=ENFILE $FETCH $URL/text?s=x"), "local_resource"),
        Fault(
            "B16",
            .shell("strace -f -qq -o /dev/null -e trace=connect -e inject=connect:error=EADDRNOTAVAIL:when=1..3 $FETCH $URL/text?s=x"), nil,
            200),
        Fault("H5", .shell("taskset -c 0 $FETCH -j 100 $URL/text?s=x $URL/ok $URL/chain"), nil, 200),
    ]
}
