import FetchKit
import Testing

@testable import FetchFormats
@testable import fetch

/// What a command line means: every setting that it changes, and no other one.
@Suite("Settings") struct SettingsTests {
    private static let files = [
        "list": "http://h/", "ca": "x", "pem": "x", "key": "x", "data": "one\ntwo\n", "headers": "A: 1\r\n# no\nB: 2\n", "jar": "c",
        "netrc": "machine h login l password p", "/home/me/.netrc": "machine h login l password p", "template": "a\nb%{url}",
        "rc": "max-time = 3\n-j 5\n", "rc2": "config = rc\n", "a/b c+d": "x", "bad": "max-time = x",
    ]

    /// What the line changes; after a `!` why it is refused. In the line `~` is a blank, and two single quotes are an empty word.
    private func meaning(
        of line: String, _ variables: [String: String] = ["HOME": "/home/me"], terminals: Set<CInt> = [], libcurl: Set<String> = ["HTTP2"]
    ) -> String {
        let surroundings = Surroundings(variables, files: Self.files, terminals: terminals, libcurl: libcurl)
        let words = line.isEmpty ? [] : line.split(separator: " ").map { $0.replacing("~", with: " ").replacing("''", with: "") }
        do {
            let usual = try Settings(["u"], in: Surroundings(["HOME": "/home/me"], files: Self.files))
            return try Settings(words.map { String($0) }, in: surroundings).changes(from: usual)
        } catch {
            return "! \(error)"
        }
    }

    @Test("A line changes what it says", arguments: [limits, requests, connections, output, messages, input, foreign].joined())
    func lines(line: String, meaning: String) {
        #expect(self.meaning(of: line) == meaning)
    }

    @Test(
        "The environment, terminals and libcurl count as well",
        arguments: [
            ("u", ["CURL_CA_BUNDLE": "ca"], [], "tls.caFile=ca"),
            ("u", ["CURL_CA_BUNDLE": "", "SSL_CERT_FILE": "pem"], [], "tls.caFile=pem"),
            ("--cacert ca u", ["SSL_CERT_FILE": "pem"], [], "tls.caFile=ca"),
            ("u", ["SSL_CERT_FILE": "missing"], [], "! cannot read the CA file missing: No such file or directory"),
            ("u", ["TMPDIR": "/var/tmp"], [], "bodies.spillDirectory=/var/tmp"), ("u", ["TMPDIR": ""], [], ""),
            ("-n u", [:], [], ""), ("-n u", ["HOME": "/home/me"], [], "template.netrc.entries=[h l p]"),
            (
                "--block-private u", ["http_proxy": "p"], [],
                "! --block-private and the like cannot look behind a proxy: use --proxy-decides if the proxy takes care of it, or --proxy '' for none"
            ),
            ("--block-private -x '' u", ["http_proxy": "p"], [], "addressGuard.blocksPrivate=true; proxy.url=; template.readFile=nil"),
            ("--unix-socket /s u", ["ALL_PROXY": "p"], [], "! --unix-socket and a proxy exclude each other; --proxy '' is none"),
            ("", [:], [], "output.isOneOfSeveral=true; urls=[-]"),
            ("", [:], [0], "! no URL: give URLs, -i FILE, or a list on standard input"),
            ("-", [:], [0], "output.isOneOfSeveral=true; urls=[-]"), ("-i -", [:], [0], "lists=[-]; output.isOneOfSeveral=true; urls="),
            ("-x http://h/", [:], [0], "! -x took http://h/ for its value, and there is no other URL."),
            ("u", [:], [1], "bodies.streaming=off; output.format=TerminalFormat; output.isTerminal=true"),
            ("-o f u", [:], [1], "output.file=f"),
            ("-o /dev/tty u", [:], [], "bodies.streaming=off; output.file=/dev/tty; output.format=TerminalFormat; output.isTerminal=true"),
            (
                "--format tar -o /dev/tty u", [:], [],
                "! a tar archive cannot be shown on a terminal: send it to a file (-o FILE) or a pipe"
            ),
            ("--format tar u", [:], [1], "! a tar archive cannot be shown on a terminal: send it to a file (-o FILE) or a pipe"),
            (
                "--format warc -o f u", [:], [1],
                "bodies.kept=none; bodies.streaming=off; http.version=http1_1; output.file=f; output.format=WARCFormat; output.isOrdered=false; recording.rawValue=7"
            ),
            ("u", [:], [2], "ignoresInput=true; report.failures=few; report.progress=line"),
            ("--failures all u", [:], [2], "ignoresInput=true; report.progress=line"),
            (
                "-O u", [:], [0, 2],
                "bodies.streaming=independently; output.directory.template.pieces=[variable(basename)]; output.format=NoneFormat; report.failures=few; report.newNames=true; report.progress=line"
            ),
            ("u", [:], [0, 2], "report.failures=few; report.progress=line"),
            ("u -", [:], [2], "output.isOneOfSeveral=true; report.failures=few; report.progress=line; urls=[u, -]"),
            ("-q u", [:], [2], "report.failures=few; report.summary=false; showsNotice=false"),
            (
                "u", [:], [1, 2],
                "bodies.streaming=off; ignoresInput=true; output.format=TerminalFormat; output.isTerminal=true; report.failures=few"
            ),
            (
                "-# u", [:], [1, 2],
                "bodies.streaming=off; ignoresInput=true; output.format=TerminalFormat; output.isTerminal=true; report.failures=few; report.progress=line"
            ),
            ("--no-progress-meter u", [:], [2], "ignoresInput=true; report.failures=few"),
        ] as [(String, [String: String], Set<CInt>, String)])
    func surroundings(line: String, variables: [String: String], terminals: Set<CInt>, meaning: String) {
        #expect(self.meaning(of: line, variables, terminals: terminals) == meaning)
    }

    @Test("A version of HTTP that libcurl has not is refused") func libcurl() {
        #expect(meaning(of: "--http2 u", libcurl: []) == "! this libcurl has no HTTP/2")
        #expect(meaning(of: "--http3 u", libcurl: ["HTTP3"]) == "http.version=http3")
    }

    @Test(
        "What is so anyway changes nothing, and its opposite is refused with what to use", arguments: OptionTable.compatibility.map(\.name))
    func settled(name: String) throws {
        guard let (option, _) = OptionTable.option(name: name), case .settled(let opposite) = option.action else {
            // Those with a value are in the table.
            return
        }
        #expect(meaning(of: "--\(name) u") == "")
        if let letter = option.letter { #expect(meaning(of: "-\(letter) u") == "") }
        let typed = name.hasPrefix("no-") ? "--\(name.dropFirst(3))" : "--no-\(name)"
        #expect(meaning(of: "\(typed) u") == "! \(typed): \(opposite)")
    }

    @Test("Fewer descriptors mean fewer transfers, and who asked for more is told") func descriptors() throws {
        let asked = try Settings(["-j", "1000", "u"], in: Surroundings()).fitting(transfers: 100)
        #expect(asked.configuration.limits.concurrency == 100 && asked.configuration.limits.perHost == 1000 && asked.showsNotice)
        #expect(asked.notice == "only 100 transfers at once instead of 1000: too few file descriptors (ulimit -n)")
        let enough = try Settings(["u"], in: Surroundings()).fitting(transfers: 1000)
        #expect(enough.notice == nil && enough.configuration.limits.concurrency == Configuration().limits.concurrency)
        #expect(try Settings(["-q", "u"], in: Surroundings()).fitting(transfers: 2).showsNotice == false)
    }

    @Test("An unknown column is named together with those there are") func column() {
        let error = meaning(of: "--format csv --columns nope u")
        #expect(error.hasPrefix("! no column is called \"nope\"; there are index id ") && error.contains("header:NAME body"))
    }
}

extension SettingsTests {
    // Concurrency, rates and limits.
    static let limits: [(String, String)] = [
        ("http://h/", "urls=[http://h/]"),
        ("-j 64 u", "isConcurrencyChosen=true; limits.perHost=64"),
        ("-j64 u", "isConcurrencyChosen=true; limits.perHost=64"),
        ("-sj64 u", "isConcurrencyChosen=true; limits.perHost=64; report.failures=nil; report.summary=false; showsNotice=false"),
        ("--jobs 3 u", "isConcurrencyChosen=true; limits.concurrency=3; limits.perHost=3"),
        ("--jobs=3 u", "isConcurrencyChosen=true; limits.concurrency=3; limits.perHost=3"),
        ("--parallel-max 100 u", "isConcurrencyChosen=true; limits.concurrency=100; limits.perHost=100"),
        ("--concurrency=9 u", "isConcurrencyChosen=true; limits.concurrency=9; limits.perHost=9"),
        ("-j 9 --per-host 2 u", "isConcurrencyChosen=true; limits.concurrency=9; limits.perHost=2"),
        ("--per-host 4 u", "limits.perHost=4"),
        ("--parallel-max-host 4 u", "limits.perHost=4"),
        ("--threads 2 u", "limits.threads=2"),
        ("--look-ahead 500 u", "limits.lookAhead=500"),
        ("-j 1000000 u", "isConcurrencyChosen=true; limits.concurrency=1000000; limits.perHost=1000000"),
        ("-j 0 u", "! -j: '0' is not a number from 1 to 1000000"),
        ("-j abc u", "! -j: 'abc' is not a number from 1 to 1000000"),
        ("-j 1000001 u", "! -j: '1000001' is not a number from 1 to 1000000"),
        ("-j -1 u", "! -j: '-1' is not a number from 1 to 1000000"),
        ("-j '' u", "! -j: '' is not a number from 1 to 1000000"),
        ("--rate 10/s u", "rates.total.interval=0.1 seconds"),
        ("--rate 30/m u", "rates.total.interval=2.0 seconds"),
        ("--rate 7 u", "rates.total.interval=0.14285714285714288 seconds"),
        ("--per-host-rate 1000/h u", "rates.perHost.interval=3.6 seconds"),
        ("--rate 10/d u", "! --rate: '10/d' is not a rate such as 10/s, 30/m, 1000/h"),
        ("--no-adaptive u", "rates.isAdaptive=false"),
        ("--adaptive u", ""),
        ("--no-adaptive --adaptive u", ""),
        ("--retry 0 u", "retry.limit=0"),
        ("--retry 5 u", "retry.limit=5"),
        ("--retry -1 u", "! --retry: '-1' is not a number from 0 to 1000000"),
        ("--retry-delay 500ms u", "retry.delay=0.5 seconds"),
        ("--retry-delay 0 u", ""),
        ("--retry-max-time 1m u", "retry.maxTime=60.0 seconds"),
        ("--retry-all-errors u", "retry.retriesAllErrors=true"),
        ("--retry-connrefused u", ""),
        ("--no-retry-connrefused u", "! --no-retry-connrefused: use --retry 0; refused connections are tried again like other lost ones"),
        ("--max-retry-after 10 u", "retry.longestRetryAfter=10.0 seconds"),
        ("--breaker-delay 0 u", "retry.breakerDelay=nil"),
        ("--breaker-delay 2.5 u", "retry.breakerDelay=2.5 seconds"),
        ("--host-timeout 0 u", "retry.hostTimeout=nil"),
        ("--host-timeout 1h u", "retry.hostTimeout=3600.0 seconds"),
        ("--deadline 90 u", "limits.deadline=90.0 seconds"),
        ("--max-errors 5 u", "limits.failures=count(5)"),
        ("--max-errors 5% u", "limits.failures=percent(5.0)"),
        ("--max-errors 101% u", "! --max-errors: '101%' is not a number, 0 or more, or a share such as 5%"),
        ("--fail-early u", "limits.failures=count(0)"),
        ("--fail-early --max-errors 3 u", "! --fail-early and --max-errors exclude each other"),
        ("--limit 10 u", "limits.requests=10"),
        ("--dedupe u", "limits.fetchesEqualRequestsOnce=true"),
        ("-m 2 u", "timeouts.total=2.0 seconds"),
        ("-m2 u", "timeouts.total=2.0 seconds"),
        ("-sSLm2 u", "report.summary=false; showsNotice=false; timeouts.total=2.0 seconds"),
        ("--max-time=0 u", ""),
        ("--max-time 1d u", "! --max-time: '1d' is not a time: seconds, or such as 500ms, 2s, 1m, 1h"),
        ("--connect-timeout 0 u", "timeouts.connect=300.0 seconds"),
        ("--connect-timeout 500ms u", "timeouts.connect=0.5 seconds"),
        ("-y 0 u", "timeouts.stall=0.0 seconds"),
        ("-y 1.2 -Y 1000 u", "timeouts.stall=2.0 seconds; timeouts.stallSpeed=1000"),
        ("--speed-time 7 --speed-limit 9 u", "timeouts.stall=7.0 seconds; timeouts.stallSpeed=9"),
        ("--max-filesize 10k u", "bodies.maxSize=10240"),
        ("--max-filesize 1x u", "! --max-filesize: '1x' is not a size: bytes, or such as 100k, 16M, 2G"),
        ("--max-ratio 0 u", "bodies.maxCompressionRatio=nil"),
        ("--max-ratio 7 u", "bodies.maxCompressionRatio=7"),
        ("--body-memory 1M u", "bodies.memory=1048576"),
    ]

    // Requests, and who asks.
    static let requests: [(String, String)] = [
        ("-X PUT u", "template.method=PUT"),
        ("-XPUT u", "template.method=PUT"),
        ("-X GET~/x u", "! -X: 'GET /x' is not an HTTP method"),
        ("-I u", "template.method=HEAD"),
        ("--head -X GET u", ""),
        ("-H A:~b u", "template.headers=[A b]"),
        ("-HA:b u", "template.headers=[A b]"),
        ("-H A: -H B; u", "template.headers=[A nil, B ]"),
        ("-H @headers u", "template.headers=[A 1, B 2]"),
        ("-H nope u", "! -H: not a valid header; write '-H \"Name: value\"'"),
        ("-H A;b u", "! -H: not a valid header; write '-H \"Name: value\"'"),
        ("-H -x:~y u", "template.headers=[-x y]"),
        ("--header= u", "! --header: not a valid header; write '--header \"Name: value\"'"),
        ("-H A:~1 -H A:~2 u", "template.headers=[A 1, A 2]"),
        ("-A agent u", "http.userAgent=agent"),
        ("-A '' u", "http.userAgent="),
        ("-e http://r/ u", "template.headers=[Referer http://r/]"),
        (
            "-d a=1 -d b=2 u",
            "template.body=a=1&b=2; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"
        ),
        ("-da=1 u", "template.body=a=1; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"),
        ("--data @data u", "template.body=onetwo; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"),
        (
            "--data-binary @data u",
            "template.body=one\\ntwo\\n; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"
        ),
        (
            "--data-raw @data u",
            "template.body=@data; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"
        ),
        ("--data-ascii a u", "template.body=a; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"),
        (
            "--data-urlencode a=b~c u",
            "template.body=a=b+c; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=POST"
        ),
        ("-d @missing u", "! cannot read missing: No such file or directory"),
        ("-d @- u", "! cannot read -: No such file or directory"),
        ("-d @-", "! -d: standard input is the list of URLs and cannot be read for something else as well"),
        ("-G -d a=1 u", "template.query.bytes=a=1"),
        ("-d x -I u", "! -I asks for the head only, -d sends content: choose one"),
        ("-G -I -d x u", "template.method=HEAD; template.query.bytes=x"),
        (
            "--json {} u",
            "template.body={}; template.headers=[Content-Type application/json, Accept application/json]; template.method=POST"
        ),
        (
            "--data-json {\"a\": --json 1} u",
            "template.body={\"a\":1}; template.headers=[Content-Type application/json, Accept application/json]; template.method=POST"
        ),
        ("--json {} -H Accept:~x u", "template.body={}; template.headers=[Accept x, Content-Type application/json]; template.method=POST"),
        ("-X PATCH -d x u", "template.body=x; template.headers=[Content-Type application/x-www-form-urlencoded]; template.method=PATCH"),
        ("-T data u", "template.body=one\\ntwo\\n; template.fileName=data; template.method=PUT"),
        ("-Tdata -X POST u", "template.body=one\\ntwo\\n; template.fileName=data; template.method=POST"),
        ("--upload-file a/b~c+d u", "template.body=x; template.fileName=b%20c%2Bd; template.method=PUT"),
        ("-T missing u", "! cannot read missing: No such file or directory"),
        ("-T data -I u", "! -I asks for the head only, -T sends content: choose one"),
        ("-T data -d x u", "! -T and -d exclude each other"),
        ("-T data -G -d x u", "template.body=one\\ntwo\\n; template.fileName=data; template.method=PUT; template.query.bytes=x"),
        ("-T data -T key u", "! -T names one file for all URLs; a JSON line of a list has its own: body_file"),
        ("-T -", "! -T: standard input is the list of URLs and cannot be read for something else as well"),
        ("-T data -o data u", "! data cannot be the file of -T and of -o at once"),
        ("-F a u", "! -F: not a part of a form: write name=content or name=@file"),
        ("-F a=@missing u", "! cannot read missing: No such file or directory"),
        ("-F a=b -d x u", "! -F and -d exclude each other"),
        ("--form a=b -I u", "! -I asks for the head only, -F sends content: choose one"),
        ("-F a=@-", "! -F: standard input is the list of URLs and cannot be read for something else as well"),
        ("-F a=@data -o data u", "! data cannot be the file of -F and of -o at once"),
        ("--form-escape u", "! there is no --form-escape: quotes in the names of a form are percent-encoded, as browsers do it"),
        ("--url-query a=b~c u", "template.query.bytes=a=b+c"),
        ("--url-query +a%20b -G -d c u", "template.query.bytes=a%20b&c"),
        ("-r 0-9 u", "bodies.isCompressionOffered=false; template.headers=[Range bytes=0-9]"),
        ("--compressed u", ""),
        ("--no-compressed u", "bodies.isCompressionOffered=false"),
        ("--max-redirs 0 u", "http.maxRedirects=0"),
        ("--max-redirs -1 u", "! --max-redirs: '-1' is not a number from 0 to 1000000"),
        ("-L u", ""),
        ("--no-location u", "! --no-location: use --max-redirs 0 to follow no redirect"),
        ("--location-trusted u", "http.trustsRedirects=true"),
        ("--proto =https u", "http.schemes=[https]; template.schemes=[https]"),
        ("--proto -http u", "http.schemes=[https]; template.schemes=[https]"),
        ("--proto ftp u", "! --proto: 'ftp' is not a choice of http and https, such as =https or -http"),
        ("--proto =http,-http u", "! --proto: '=http,-http' leaves no scheme"),
        ("-u me:secret u", "template.credentials.password=secret; template.credentials.scheme=basic; template.credentials.user=me"),
        ("-u me: u", "template.credentials.password=; template.credentials.scheme=basic; template.credentials.user=me"),
        ("-u me u", "! -u takes user:password; for an empty password write user:"),
        (
            "-u me:secret --digest u",
            "template.credentials.password=secret; template.credentials.scheme=digest; template.credentials.user=me"
        ),
        ("--digest u", "! --digest needs -u user:password"),
        ("--basic -u me:s u", "template.credentials.password=s; template.credentials.scheme=basic; template.credentials.user=me"),
        ("--oauth2-bearer token u", "template.headers=[Authorization Bearer token]"),
        ("-n u", "template.netrc.entries=[h l p]"),
        ("--netrc-optional u", "template.netrc.entries=[h l p]"),
        ("--netrc-file netrc u", "template.netrc.entries=[h l p]"),
        ("--netrc-file missing u", "! cannot read missing: No such file or directory"),
        ("-b a=1 -b b=2 u", "template.headers=[Cookie a=1; b=2]"),
        ("-b jar u", "cookies.lines=[c]; cookies.receive=nil"),
        ("-b missing u", "cookies.lines=; cookies.receive=nil"),
        ("-c jar u", "cookies.lines=; cookies.receive=nil; output.cookieJar=jar"),
        ("-b jar -c jar u", "cookies.lines=[c]; cookies.receive=nil; output.cookieJar=jar"),
        ("-c - u", "! -c writes to a file; one that is called - is ./-"),
        ("-c jar --threads 2 u", "! a cookie jar cannot be shared between threads: leave --threads at 1"),
    ]

    // Connections, certificates and addresses.
    static let connections: [(String, String)] = [
        ("--http1.1 u", "http.version=http1_1"),
        ("--http2 u", "http.version=http2"),
        ("--http3 u", "! this libcurl has no HTTP/3"),
        ("--http1.1 --http2 u", "! --http1.1 and --http2 exclude each other"),
        ("-x http://p:1 u", "proxy.url=http://p:1"),
        ("-x '' u", "proxy.url="),
        ("-x16 u", "! -x names a proxy; for 16 transfers at once per host use --per-host 16"),
        ("-U me:pw -x p u", "proxy.credentials.password=pw; proxy.credentials.scheme=basic; proxy.credentials.user=me; proxy.url=p"),
        ("--noproxy * u", "proxy.exceptions=*"),
        ("--interface lo u", "addresses.interface=lo"),
        ("--unix-socket /s u", "addresses.unixSocket=/s"),
        ("--unix-socket /s -x p u", "! --unix-socket and a proxy exclude each other; --proxy '' is none"),
        ("--limit-rate 1M u", "rates.download=1048576"),
        ("--limit-rate 0 u", ""),
        ("-k u", "tls.verifiesCertificates=false"),
        ("-k --no-insecure u", ""),
        ("--cacert ca u", "tls.caFile=ca"),
        ("--cacert missing u", "! cannot read the CA file missing: No such file or directory"),
        ("-k --cacert missing u", "tls.caFile=missing; tls.verifiesCertificates=false"),
        ("--capath ca u", "tls.caDirectory=ca"),
        ("-E pem u", "tls.certificate=pem"),
        ("-E pem:word u", "tls.certificate=pem; tls.certificatePassword=word"),
        ("-E pem:word --pass other u", "tls.certificate=pem; tls.certificatePassword=other"),
        ("--cert pem --key key u", "tls.certificate=pem; tls.certificateKey=key"),
        ("--key key u", "! --key needs --cert"),
        ("--pass x u", "! --pass needs --cert"),
        ("--pinnedpubkey sha256//abc u", "tls.pinnedPublicKey=sha256//abc"),
        ("--pinnedpubkey missing u", "! cannot read the public key missing: No such file or directory"),
        ("-1 u", "tls.minimumVersion=v1_0"),
        ("--tlsv1.0 u", "tls.minimumVersion=v1_0"),
        ("--tlsv1.1 u", "tls.minimumVersion=v1_1"),
        ("--tlsv1.2 u", "tls.minimumVersion=v1_2"),
        ("--tlsv1.3 u", "tls.minimumVersion=v1_3"),
        ("--tlsv1.3 --tls-max 1.2 u", "! --tls-max is older than the oldest TLS that is allowed"),
        ("--tls-max 1.2 u", "tls.maximumVersion=v1_2"),
        ("--tls-max 9 u", "! --tls-max: '9' is not 1.0, 1.1, 1.2 or 1.3"),
        ("--resolve h:80:127.0.0.1 u", "addresses.overrides=[h 80 [127.0.0.1]]"),
        ("--resolve +*:80:::1,127.0.0.1 u", "addresses.overrides=[* 80 [::1, 127.0.0.1]]"),
        ("--resolve h:80 u", "! --resolve: 'h:80' is not HOST:PORT:ADDRESS[,ADDRESS]..."),
        ("--resolve [::1]:80:127.0.0.1 u", "addresses.overrides=[[::1] 80 [127.0.0.1]]"),
        ("--connect-to ::h2:81 u", "addresses.detours=[ nil h2 81]"),
        ("--connect-to [::1]:80:h:1 u", "addresses.detours=[[::1] 80 h 1]"),
        ("--connect-to a:b:c u", "! --connect-to: 'a:b:c' is not HOST1:PORT1:HOST2:PORT2"),
        ("-4 u", "addresses.family=ipv4"),
        ("-6 u", "addresses.family=ipv6"),
        ("-4 -6 u", "! -4 and -6 exclude each other"),
        ("--resolver-threads 4 u", "addresses.resolverThreads=4"),
        ("--block-private u", "addressGuard.blocksPrivate=true; template.readFile=nil"),
        (
            "--allow-host H --allow-cidr 10.0.0.0/8 --deny-cidr ::1 --allow-port 80 u",
            "addressGuard.allowed=[10.0.0.0/8]; addressGuard.allowedHosts=[h]; addressGuard.allowedPorts=[80]; addressGuard.denied=[::1/128]; template.readFile=nil"
        ),
        ("--allow-port 65536 u", "! --allow-port: '65536' is not a number from 1 to 65535"),
        ("--deny-cidr nonsense u", "! --deny-cidr: 'nonsense' is not an address, or a range of them such as 10.0.0.0/8"),
        (
            "--block-private -x p u",
            "! --block-private and the like cannot look behind a proxy: use --proxy-decides if the proxy takes care of it, or --proxy '' for none"
        ),
        (
            "--block-private --proxy-decides -x p u",
            "addressGuard.allowsProxiedRequests=true; addressGuard.blocksPrivate=true; proxy.url=p; template.readFile=nil"
        ),
        ("--block-private --unix-socket /s u", "! --unix-socket and --block-private or the like exclude each other"),
    ]

    // Output and files.
    static let output: [(String, String)] = [
        ("--format jsonl u", "bodies.kept=all; bodies.streaming=off; output.format=JSONLinesFormat; output.isOrdered=false"),
        ("--format xml u", "! --format: 'xml' is not a format: body, jsonl, csv, tsv, tar, warc, har, none"),
        (
            "--format=csv --columns url,header:server u",
            "bodies.kept=none; bodies.streaming=off; output.format=CSVFormat; output.isOrdered=false"
        ),
        (
            "--format=csv --columns url,sha256 u",
            "bodies.areHashed=true; bodies.kept=none; bodies.streaming=off; output.format=CSVFormat; output.isOrdered=false"
        ),
        ("--columns url u", "! --columns goes with --format csv and tsv"),
        ("--format csv --columns , u", "! --columns needs the name of one column at least."),
        ("--format tar u", "bodies.streaming=off; output.format=TarFormat; output.isOrdered=false"),
        (
            "--format tar --name {index} u",
            "bodies.streaming=off; output.format=TarFormat; output.isOrdered=false"
        ),
        (
            "--format warc -o x.warc.gz u",
            "bodies.kept=none; bodies.streaming=off; http.version=http1_1; output.file=x.warc.gz; output.format=WARCFormat; output.isOrdered=false; recording.rawValue=7"
        ),
        (
            "--format warc u",
            "bodies.kept=none; bodies.streaming=off; http.version=http1_1; output.format=WARCFormat; output.isOrdered=false; recording.rawValue=7"
        ),
        ("--format warc --ordered u", "! --format warc has no order: leave --ordered away"),
        (
            "--format warc --http2 u",
            "bodies.kept=none; bodies.streaming=off; http.version=http2; output.format=WARCFormat; output.isOrdered=false; recording.rawValue=7"
        ),
        (
            "--format warc -o x --warc-max-size 1M u",
            "bodies.kept=none; bodies.streaming=off; http.version=http1_1; output.file=x; output.format=WARCFormat; output.isOrdered=false; output.maxFileSize=1048576; recording.rawValue=7"
        ),
        ("--warc-max-size 1M u", "! --warc-max-size goes with --format warc"),
        ("--format warc --warc-max-size 0 -o x u", "! --warc-max-size: '0' is not a size of 1 or more"),
        ("--format warc --output-dir d u", "! --format warc holds bodies itself: leave --output-dir away"),
        ("--format har u", "bodies.kept=all; bodies.streaming=off; output.format=HARFormat; output.isOrdered=false; recording.rawValue=3"),
        (
            "--format none u",
            "bodies.kept=none; bodies.streaming=off; needsSuccesses=false; output.format=NoneFormat; output.isOrdered=false"
        ),
        ("-o f u", "output.file=f"),
        ("-of u", "output.file=f"),
        ("-o - u", ""),
        ("-o a -o b u v", "! -o names the one file of all results; use --output-dir to write one file per URL"),
        ("-o '' u", "! -o needs the name of a file"),
        ("-o f#1 {a,b}", "! -o names one file for all; use --output-dir with --name to write one file per URL"),
        ("-o f --create-dirs u", "output.createsDirectories=true; output.file=f"),
        ("--ordered --format jsonl u", "bodies.kept=all; bodies.streaming=off; output.format=JSONLinesFormat"),
        ("--unordered u", "bodies.streaming=inCompletionOrder; output.isOrdered=false"),
        ("--ordered --unordered u", "! --ordered and --unordered exclude each other"),
        ("--fail-with-body u", "bodies.kept=all"),
        (
            "-w %{url}\\n u",
            "output.format=WriteOutFormat; recording.rawValue=1"
        ),
        (
            "-w @template u",
            "output.format=WriteOutFormat; recording.rawValue=1"
        ),
        ("-w x --format jsonl u", "! -w goes with --format body and none"),
        (
            "-w %{nope} u",
            "notice=unknown --write-out variable: 'nope'; output.format=WriteOutFormat; recording.rawValue=1"
        ),
        (
            "--no-body --format jsonl u",
            "bodies.kept=none; bodies.streaming=off; output.format=JSONLinesFormat; output.isOrdered=false"
        ),
        ("--sha256 u", "bodies.areHashed=true"),
        ("--output-dir d u", "bodies.streaming=independently; output.directory.directory=d; output.format=NoneFormat"),
        (
            "--output-dir d --name {index}.{ext} u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.template.pieces=[variable(index), literal(.), variable(ext)]; output.format=NoneFormat"
        ),
        (
            "--output-dir d --name {nope} u",
            "! --name: no variable is called {nope}; known are {index}, {id}, {scheme}, {host}, {port}, {path}, {basename}, {stem}, {ext}, {query}, {url_sha256}, {sha256}, and {{ and }} stand for braces"
        ),
        ("-O u", "bodies.streaming=independently; output.directory.template.pieces=[variable(basename)]; output.format=NoneFormat"),
        (
            "-OR u",
            "bodies.streaming=independently; output.directory.keepsTime=true; output.directory.template.pieces=[variable(basename)]; output.format=NoneFormat"
        ),
        (
            "--remote-name-all u",
            "bodies.streaming=independently; output.directory.template.pieces=[variable(basename)]; output.format=NoneFormat"
        ),
        ("-O --name x u", "bodies.streaming=independently; output.directory.template.pieces=[literal(x)]; output.format=NoneFormat"),
        (
            "--output-dir d -o f u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.template.pieces=[literal(f)]; output.format=NoneFormat"
        ),
        ("--output-dir d -o f u v", "! -o names one file: with --output-dir it goes with a single URL, or with a --format of records"),
        (
            "--output-dir d --skip-existing u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.existing=skip; output.format=NoneFormat"
        ),
        (
            "--output-dir d --no-clobber u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.existing=number; output.format=NoneFormat"
        ),
        ("--output-dir d --no-clobber --skip-existing u", "! --no-clobber and --skip-existing exclude each other"),
        ("--clobber --output-dir d u", "bodies.streaming=independently; output.directory.directory=d; output.format=NoneFormat"),
        ("--skip-existing u", "! --skip-existing needs --output-dir or -O"),
        (
            "--shard-dirs --output-dir d u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.isSharded=true; output.format=NoneFormat"
        ),
        ("--portable-names u", ""), ("--no-portable-names u", "! --no-portable-names needs --output-dir or -O"),
        (
            "--no-portable-names --output-dir d u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.rules.isPortable=false; output.format=NoneFormat"
        ),
        ("--csv-safe u", "! --csv-safe goes with --format csv"),
        ("--format csv --no-csv-safe u", "bodies.kept=none; bodies.streaming=off; output.format=CSVFormat; output.isOrdered=false"),
        ("-R u", "! -R needs --output-dir or -O"),
        ("-C - u", "! -C needs --output-dir or -O"),
        (
            "-C - -o f u",
            "bodies.areContinued=true; bodies.streaming=independently; bodies.streamingThreshold=65536; output.directory.continues=true; output.directory.keepsTime=true; output.directory.template.pieces=[literal(f)]; output.format=NoneFormat"
        ),
        (
            "-C - --output-dir d u",
            "bodies.areContinued=true; bodies.streaming=independently; bodies.streamingThreshold=65536; output.directory.continues=true; output.directory.directory=d; output.directory.keepsTime=true; output.format=NoneFormat"
        ),
        ("-C 10 u", "! -C takes '-': what is there decides where to go on"),
        ("-C - -o f -r 0-1 u", "! -C - asks for ranges itself: leave -r away"),
        ("-C - -o f --skip-existing u", "! --skip-existing needs --output-dir or -O"),
        (
            "-C - --output-dir d --name {sha256} u",
            "! with {sha256} in its name a file cannot be known before it is there: leave --skip-existing and -C away"
        ),
        (
            "-O --manifest m u",
            "bodies.areHashed=true; bodies.streaming=independently; output.directory.hashes=true; output.directory.template.pieces=[variable(basename)]; output.format=NoneFormat; output.manifest=m"
        ),
        ("--manifest m u", "! --manifest needs --output-dir or -O"),
        (
            "-OJ u",
            "bodies.streaming=independently; output.directory.existing=number; output.directory.takesRemoteNames=true; output.directory.template.pieces=[variable(basename)]; output.format=NoneFormat"
        ),
        (
            "--remote-header-name --output-dir d u",
            "bodies.streaming=independently; output.directory.directory=d; output.directory.existing=number; output.directory.takesRemoteNames=true; output.format=NoneFormat"
        ),
        ("-J u", "! -J needs --output-dir or -O"),
        (
            "-OJ --skip-existing u",
            "! with -J a file cannot be known before the server has named it: leave --skip-existing and -C away"
        ),
        ("-OJ -C - u", "! with -J a file cannot be known before the server has named it: leave --skip-existing and -C away"),
        ("-J --output-dir d --name x u", "! -J takes names from the server: leave --name and -o away"),
        ("-J --output-dir d -o x u", "! -J takes names from the server: leave --name and -o away"),
        ("--dry-run u", "output.format=NoneFormat; output.isOneOfSeveral=true; output.plan.files=nil; report.summary=false"),
        ("--failed f u", "output.failedLines=f"),
        (
            "--failed f --format none u",
            "bodies.kept=none; bodies.streaming=off; needsSuccesses=false; output.failedLines=f; output.format=NoneFormat; output.isOrdered=false"
        ),
        ("--failed - u", "! --failed writes to a file; one that is called - is ./-"),
        ("--failed list -i list", "! list cannot be the file of -i and of --failed at once"),
        ("-D f u", "output.heads=f"),
        ("--dump-header=f u", "output.heads=f"),
        (
            "-D f --format none u",
            "bodies.kept=none; bodies.streaming=off; output.format=NoneFormat; output.heads=f; output.isOrdered=false"
        ),
        ("-D f -o f u", "! f cannot be the file of -D and of -o at once"),
        // Before bodies in the stream, as with --include.
        ("-D - u", ""),
        ("-D - -o f u", "output.file=f; output.heads=-"),
        ("-D - --format jsonl u", "! -D - mixes heads with the records on standard output: use -D FILE"),
        ("--include u", ""),
        ("--show-headers u", ""),
        (
            "--include --format csv u",
            "! --include puts heads before the bodies of the stream, and there are none: use -D FILE"
        ),
        ("--include -O u", "! --include puts heads before the bodies of the stream, and there are none: use -D FILE"),
    ]

    // Messages, and what is so anyway.
    static let messages: [(String, String)] = [
        ("--timings u", "report.timings=true"),
        ("--summary u", "report.summary=true"),
        ("--no-summary u", "report.summary=false"),
        ("--failures all u", ""),
        ("--failures few u", "report.failures=few"),
        ("--failures none u", "! --failures: 'none' is not all or few"),
        ("--hosts u", "report.hosts=true"),
        ("--stats s u", "output.statistics=s"),
        ("--stats - u", "output.statistics=-"),
        ("--progress u", "report.progress=lines"),
        ("--no-progress u", ""),
        ("-# u", "report.progress=lines"),
        ("--progress-bar u", "report.progress=lines"),
        ("--no-progress-meter u", ""),
        ("-q u", "report.summary=false; showsNotice=false"),
        ("-s u", "report.failures=nil; report.summary=false; showsNotice=false"),
        ("-sS u", "report.summary=false; showsNotice=false"),
        ("-S -s u", "report.summary=false; showsNotice=false"),
        ("-v u", "report.attempts=true"),
        ("-N u", ""),
        ("--buffer u", "! --buffer: every result is written when it is finished"),
        ("-fsSLZ u", "report.summary=false; showsNotice=false"),
        ("--no-fail u", "! --no-fail: use --fail-with-body to get bodies of status 400 and above"),
        ("--no-parallel u", "! --no-parallel: use -j 1 for one transfer at a time"),
        ("--disable u", ""),
        ("--cert-type PEM u", ""),
        ("--cert-type DER u", "! --cert-type takes 'pem' only: convert the certificate with openssl"),
        ("--proto-default http u", ""),
        ("--proto-default https u", "! --proto-default takes 'http' only: write the scheme into the URL"),
        ("--proto-default=HTTP u", ""),
    ]

    // URLs, lists and config files.
    static let input: [(String, String)] = [
        ("u v", "output.isOneOfSeveral=true; urls=[u, v]"),
        ("-", "output.isOneOfSeveral=true; urls=[-]"),
        ("-i list", "lists=[list]; output.isOneOfSeveral=true; urls="),
        ("-i list -i - u", "lists=[list, -]; output.isOneOfSeveral=true"),
        ("-i -", "lists=[-]; output.isOneOfSeveral=true; urls="),
        ("--url u", ""),
        ("help", "notice='help' is fetched as http://help; the option is --help; urls=[help]"),
        (
            "version -j 3 --no-help",
            "isConcurrencyChosen=true; limits.concurrency=3; limits.perHost=3; notice='version' is fetched as http://version; the option is --version; urls=[version]"
        ),
        ("--url help", "urls=[help]"),
        ("http://help", "urls=[http://help]"),
        ("no-help", "urls=[no-help]"),
        ("--url=u v", "output.isOneOfSeveral=true; urls=[u, v]"),
        ("-g {a}", "globbing=off; urls=[{a}]"),
        ("{a,b}", "output.isOneOfSeveral=true; urls=[{a,b}]"),
        ("--glob -i list", "globbing=everywhere; lists=[list]; output.isOneOfSeveral=true; urls="),
        ("--glob -g u", "! --glob and -g exclude each other"),
        ("-K rc u", "isConcurrencyChosen=true; limits.concurrency=5; limits.perHost=5; timeouts.total=3.0 seconds"),
        ("-K rc2 u", "isConcurrencyChosen=true; limits.concurrency=5; limits.perHost=5; timeouts.total=3.0 seconds"),
        ("-Krc -j7 u", "isConcurrencyChosen=true; limits.concurrency=7; limits.perHost=7; timeouts.total=3.0 seconds"),
        ("-K bad u", "! bad:1: --max-time: 'x' is not a time: seconds, or such as 500ms, 2s, 1m, 1h"),
        ("-K missing u", "! cannot read missing: No such file or directory"),
        ("-- -s", "urls=[-s]"),
        ("-o f -i f", "! f cannot be the file of -i and of -o at once"),
        ("-o f --stats f u", "! f cannot be the file of --stats and of -o at once"),
        ("-H @headers -o headers u", "! headers cannot be the file of -H and of -o at once"),
        ("-c jar -o jar u", "! jar cannot be the file of -c and of -o at once"),
        ("-K rc -o rc u", "! rc cannot be the file of -K and of -o at once"),
        (
            "-i http://h/",
            "! -i took http://h/ for its value, and there is no other URL. (-i names a file of URLs; heads are shown with --include or -I.)"
        ),
        ("-c http://h/", "! -c took http://h/ for its value, and there is no other URL."),
    ]

    // Options of other programs.
    static let foreign: [(String, String)] = [
        ("--tries 3 u", "! there is no --tries: use --retry <n> (Retries of a request that failed)"),
        ("--timeout 3 u", "! there is no --timeout: use -m, --max-time <time> (Time limit for one attempt: 10, 500ms, 2m)"),
        ("--input-file f", "! there is no --input-file: use -i, --input <file> (Read URLs from a file, one a line)"),
        ("--spider u", "! there is no --spider: use -I, --head (Method HEAD: the head only)"),
        ("--no-check-certificate u", "! there is no --no-check-certificate: use -k, --insecure (Do not verify certificates)"),
        ("--wait 1 u", "! there is no --wait: use --rate <rate> (Requests started over all hosts: 10/s, 30/m, 1000/h)"),
        ("-P d u", "! there is no -P: use --output-dir <dir> (Write each body to a file of its own, below this folder)"),
        ("-t 3 u", "! there is no -t: use --retry <n> (Retries of a request that failed)"),
        ("--next u", "! there is no --next: every option holds for all URLs; use lists with JSON lines to tell requests apart"),
        ("-: u", "! there is no -:: every option holds for all URLs; use lists with JSON lines to tell requests apart"),
        ("-z now u", "! there is no -z: use --skip-existing or -C -, or -H 'If-None-Match: ...'"),
        ("--retires 3 u", "! there is no --retires: did you mean --retry <n>?"),
        ("--outputdir d u", "! there is no --outputdir: did you mean --output-dir <dir>?"),
        ("--ftp-port x u", "! there is no --ftp-port: only http and https are spoken"),
        ("--socks5 h u", "! there is no --socks5: use -x with the scheme in the URL, such as -x socks5h://HOST:PORT"),
    ]
}
