// Options of curl, wget and aria2c that are not there, with what to do instead. Those for which one of our options does the same stand
// with that option (`Option.meanings`).

import FetchFormats

/// Options of other programs that no option of ours stands for.
enum ForeignOptions {
    /// Names with their letters, by what is said of them.
    private static let byReason: [(reason: String, names: String)] = [
        (
            "only http and https are spoken",
            """
            -a --append --compressed-ssh --crlf --disable-eprt --disable-epsv --eprt --epsv --ftp-account --ftp-alternative-to-user \
            --ftp-create-dirs --ftp-method --ftp-pasv -P --ftp-port --ftp-pret --ftp-skip-pasv-ip --ftp-ssl --ftp-ssl-ccc \
            --ftp-ssl-ccc-mode --ftp-ssl-control --ftp-ssl-reqd --hostpubmd5 --hostpubsha256 --ipfs-gateway --knownhosts --krb --krb4 -l \
            --list-only --login-options --mail-auth --mail-from --mail-rcpt --mail-rcpt-allowfails --pubkey -Q --quote --sasl-authzid \
            --sasl-ir --ssl --ssl-reqd -t --telnet-option --tftp-blksize --tftp-no-options --upload-flags -B --use-ascii
            """
        ),
        (
            "Basic, Digest and bearer tokens are supported: -u, --digest, --oauth2-bearer",
            """
            --anyauth --aws-sigv4 --aws-sigv4-algorithm --aws-sigv4-mode --aws-sigv4-signedheaders --httpsig-algo --httpsig-headers \
            --httpsig-key --httpsig-keyid --negotiate --ntlm --ntlm-wb --service-name
            """
        ),
        ("a proxy gets Basic authentication: -U", "--proxy-anyauth --proxy-digest --proxy-negotiate --proxy-ntlm --proxy-service-name"),
        (
            "use -x with the scheme in the URL, such as -x socks5h://HOST:PORT",
            "--socks4 --socks4a --socks5 --socks5-hostname --proxy1.0 --preproxy --proxy-http2"
        ),
        ("SOCKS5 proxies get user and password: -U", "--socks5-basic --socks5-gssapi --socks5-gssapi-nec --socks5-gssapi-service"),
        ("https always goes through a tunnel, and http never does", "-p --proxytunnel"),
        (
            "the TLS of a proxy is that of the hosts: --cacert, --cert, -k",
            """
            --proxy-ca-native --proxy-cacert --proxy-capath --proxy-cert --proxy-cert-type --proxy-ciphers --proxy-crlfile --proxy-insecure \
            --proxy-key --proxy-key-type --proxy-pass --proxy-pinnedpubkey --proxy-ssl-allow-beast --proxy-ssl-auto-client-cert \
            --proxy-tls13-ciphers --proxy-tlsauthtype --proxy-tlspassword --proxy-tlsuser --proxy-tlsv1
            """
        ),
        ("headers for a proxy alone are not supported", "--proxy-header --haproxy-clientip --haproxy-protocol"),
        (
            "this detail of TLS is left to the library; there are --tlsv1.2, --tls-max, --cacert, --cert and --pinnedpubkey",
            """
            --ca-native --cert-status --ciphers --crlfile --curves --dump-ca-embed --ech --egd-file --engine --false-start --random-file \
            --sigalgs --ssl-allow-beast --ssl-auto-client-cert --ssl-no-revoke --ssl-revoke-best-effort -2 --sslv2 -3 --sslv3 \
            --tls-earlydata --tls13-ciphers --tlsauthtype --tlspassword --tlsuser --npn
            """
        ),
        (
            "names are looked up by the system; --resolve and --connect-to say where a host is",
            "--dns-interface --dns-ipv4-addr --dns-ipv6-addr --dns-servers --doh-cert-status --doh-insecure --doh-url --async-dns"
        ),
        (
            "this detail of connections is left to the system; there are --interface, --unix-socket, -4 and -6",
            """
            --abstract-unix-socket --happy-eyeballs-timeout-ms --ip-tos --keepalive-cnt --keepalive-time --local-port --mptcp \
            --tcp-fastopen --vlan-priority
            """
        ),
        ("connections are opened as -j and --per-host allow", "--parallel-immediate"),
        (
            "use --http1.1, --http2 or --http3; HTTP/0.9 and 1.0 are not asked for",
            "--http0.9 -0 --http1.0 --http2-prior-knowledge --http3-only"
        ),
        (
            "a redirect is followed as browsers do, and what is asked for then is a GET after 301, 302 and 303",
            "--post301 --post302 --post303"
        ),
        ("the path is sent in its normal form", "--path-as-is --request-target"),
        ("lengths and codings of a response are always checked and removed", "--ignore-content-length --raw --tr-encoding"),
        ("use -H 'Expect:' to send no Expect header; the time to wait for its answer cannot be set", "--expect100-timeout"),
        ("use --skip-existing or -C -, or -H 'If-None-Match: ...'", "--etag-compare --etag-save -z --time-cond --no-if-modified-since"),
        ("HSTS and Alt-Svc are not kept between runs; write https:// into the URLs", "--alt-svc --hsts"),
        ("quotes in the names of a form are percent-encoded, as browsers do it", "--form-escape"),
        ("use --output-dir or -O: there a file appears only when its body is whole", "--remove-on-error"),
        ("use umask to choose the mode of files", "--create-file-mode"),
        ("session cookies of a file are sent; take them out of it", "--junk-session-cookies --keep-session-cookies"),
        ("use -u or --netrc; a URL with a user name is allowed", "--disallow-username-in-url"),
        ("every option holds for all URLs; use lists with JSON lines to tell requests apart", "-: --next"),
        ("use variables of the shell", "--variable --expand-"),
        ("use 2> FILE to send messages to a file", "--stderr --append-output --output-file --log"),
        ("use fetch with its options; there is no C code for it", "--libcurl"),
        ("lists have one URL a line", "--metalink --force-html --base --follow-metalink --follow-torrent"),
        ("results are read by programs as they are: heads are not styled, output is not buffered", "--styled-output --buffer"),
        ("links in pages are not followed; give all URLs", "--recursive --mirror --page-requisites --level"),
        (
            "folders follow from host and path; use --name to choose",
            "--no-directories --force-directories --cut-dirs --no-host-directories"
        ),
        ("wait for the run in the shell: fetch ... &", "--background --daemon"),
        ("this is for debugging curl itself", "--test-event --test-duphandle"),
    ]

    private static let reasons: [Substring: String] = {
        var reasons: [Substring: String] = [:]
        for (reason, names) in byReason { for name in names.split(separator: " ") where reasons[name] == nil { reasons[name] = reason } }
        return reasons
    }()

    /// What is said of an option, with its dashes; nil for one that nobody knows.
    static func reason(for typed: some StringProtocol) -> String? {
        // curl has that before all of its names.
        reasons[typed.hasPrefix("--expand-") ? "--expand-" : Substring(typed)]
    }
}
