// Options of curl that ask for what is so anyway. Accepted only because nothing else is asked for.

import FetchFormats

extension OptionTable {
    static let compatibility = [
        Option(settled: "location", letter: "L", also: ["follow"], opposite: "use --max-redirs 0 to follow no redirect"),
        Option(settled: "fail", letter: "f", opposite: "use --fail-with-body to get bodies of status 400 and above"),
        Option(settled: "parallel", letter: "Z", opposite: "use -j 1 for one transfer at a time"),
        Option(settled: "basic", opposite: "use --digest or --oauth2-bearer"),
        Option(settled: "proxy-basic", opposite: "a proxy gets its password as Basic"),
        Option(settled: "no-buffer", letter: "N", opposite: "every result is written when it is finished"),
        Option(settled: "retry-connrefused", opposite: "use --retry 0; refused connections are tried again like other lost ones"),
        Option(settled: "disable", opposite: "use -K FILE; no config file is read by itself"),
        Option(settled: "keepalive", opposite: "TCP keepalive cannot be turned off"),
        Option(settled: "tcp-nodelay", opposite: "TCP_NODELAY cannot be turned off"),
        Option(settled: "sessionid", opposite: "TLS sessions are always reused"),
        Option(settled: "alpn", opposite: "use --http1.1 for HTTP/1.1"),
        Option(settled: "no-npn", opposite: "no TLS library has NPN any more"),
        Option(settled: "suppress-connect-headers", opposite: "heads of a proxy are never shown"),
        Option(settled: "no-styled-output", opposite: "heads are never styled"),
        Option("proto-default", .init("scheme"), "") { try $1.mustBe("http", otherwise: "write the scheme into the URL") },
        Option("cert-type", .init("type"), "") { try $1.mustBe("pem", otherwise: "convert the certificate with openssl") },
        Option("key-type", .init("type"), "") { try $1.mustBe("pem", otherwise: "convert the key with openssl") },
        Option("delegation", .init("level"), "") { try $1.mustBe("none", otherwise: "Kerberos is not supported") },
    ]
}
