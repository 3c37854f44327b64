import Support
import Testing

@testable import FetchFormats
@testable import fetch

/// What curl's users have in their fingers: each of its options is there, or refused with what to do instead.
@Suite("Options of curl") struct CurlOptionTests {
    /// Those of curl 7.88 and what came until 8.22, a letter before its name.
    private static let all = """
        --abstract-unix-socket --alpn --alt-svc --anyauth -a --append --aws-sigv4 --aws-sigv4-algorithm --aws-sigv4-mode \
        --aws-sigv4-signedheaders --basic --buffer --ca-native --cacert --capath -E --cert --cert-status --cert-type --ciphers \
        --clobber --compressed --compressed-ssh -K --config --connect-timeout --connect-to -C --continue-at -b --cookie \
        -c --cookie-jar --create-dirs --create-file-mode --crlf --crlfile --curves -d --data --data-ascii --data-binary \
        --data-raw --data-urlencode --delegation --digest -q --disable --disable-eprt --disable-epsv --disallow-username-in-url \
        --dns-interface --dns-ipv4-addr --dns-ipv6-addr --dns-servers --doh-cert-status --doh-insecure --doh-url --dump-ca-embed \
        -D --dump-header --ech --egd-file --engine --eprt --epsv --etag-compare --etag-save --expand-url --expect100-timeout \
        -f --fail --fail-early --fail-with-body --false-start --follow -F --form --form-escape --form-string --ftp-account \
        --ftp-alternative-to-user --ftp-create-dirs --ftp-method --ftp-pasv -P --ftp-port --ftp-pret --ftp-skip-pasv-ip \
        --ftp-ssl --ftp-ssl-ccc --ftp-ssl-ccc-mode --ftp-ssl-control --ftp-ssl-reqd -G --get -g --globoff \
        --happy-eyeballs-timeout-ms --haproxy-clientip --haproxy-protocol -I --head -H --header -h --help --hostpubmd5 \
        --hostpubsha256 --hsts --http0.9 -0 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --http3-only \
        --httpsig-algo --httpsig-headers --httpsig-key --httpsig-keyid --ignore-content-length -i --include -k --insecure \
        --interface --ip-tos --ipfs-gateway -4 --ipv4 -6 --ipv6 --json -j --junk-session-cookies --keepalive --keepalive-cnt \
        --keepalive-time --key --key-type --knownhosts --krb --krb4 --libcurl --limit-rate -l --list-only --local-port \
        -L --location --location-trusted --login-options --mail-auth --mail-from --mail-rcpt --mail-rcpt-allowfails -M --manual \
        --max-filesize --max-redirs -m --max-time --metalink --mptcp --negotiate -n --netrc --netrc-file --netrc-optional \
        -: --next --no-alpn -N --no-buffer --no-clobber --no-keepalive --no-npn --no-progress-meter --no-sessionid --noproxy \
        --npn --ntlm --ntlm-wb --oauth2-bearer --out-null -o --output --output-dir -Z --parallel --parallel-immediate \
        --parallel-max --parallel-max-host --pass --path-as-is --pinnedpubkey --post301 --post302 --post303 --preproxy \
        -# --progress-bar --progress-meter --proto --proto-default --proto-redir -x --proxy --proxy-anyauth --proxy-basic \
        --proxy-ca-native --proxy-cacert --proxy-capath --proxy-cert --proxy-cert-type --proxy-ciphers --proxy-crlfile \
        --proxy-digest --proxy-header --proxy-http2 --proxy-insecure --proxy-key --proxy-key-type --proxy-negotiate --proxy-ntlm \
        --proxy-pass --proxy-pinnedpubkey --proxy-service-name --proxy-ssl-allow-beast --proxy-ssl-auto-client-cert \
        --proxy-tls13-ciphers --proxy-tlsauthtype --proxy-tlspassword --proxy-tlsuser --proxy-tlsv1 -U --proxy-user --proxy1.0 \
        -p --proxytunnel --pubkey -Q --quote --random-file -r --range --rate --raw -e --referer -J --remote-header-name \
        -O --remote-name --remote-name-all -R --remote-time --remove-on-error -X --request --request-target --resolve --retry \
        --retry-all-errors --retry-connrefused --retry-delay --retry-max-time --sasl-authzid --sasl-ir --service-name \
        --sessionid -S --show-error --show-headers --sigalgs -s --silent --skip-existing --socks4 --socks4a --socks5 \
        --socks5-basic --socks5-gssapi --socks5-gssapi-nec --socks5-gssapi-service --socks5-hostname -Y --speed-limit \
        -y --speed-time --ssl --ssl-allow-beast --ssl-auto-client-cert --ssl-no-revoke --ssl-reqd --ssl-revoke-best-effort \
        -2 --sslv2 -3 --sslv3 --stderr --styled-output --suppress-connect-headers --tcp-fastopen --tcp-nodelay \
        -t --telnet-option --test-event --tftp-blksize --tftp-no-options -z --time-cond --tls-earlydata --tls-max \
        --tls13-ciphers --tlsauthtype --tlspassword --tlsuser -1 --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --tr-encoding \
        --trace --trace-ascii --trace-config --trace-ids --trace-time --unix-socket -T --upload-file --upload-flags --url \
        --url-query -B --use-ascii -u --user -A --user-agent --variable -v --verbose -V --version --vlan-priority -w --write-out \
        --xattr
        """.split(separator: " ").map(String.init)

    /// Letters that mean something else here, and say so when they are used as in curl.
    private static let others = ["-i", "-j", "-q"]

    @Test("None is unknown, and none is without a meaning", arguments: all.filter { !others.contains($0) }) func known(typed: String) throws
    {
        var reader = ArgumentReader([typed, "x"])
        do throws(UsageError) {
            let option = try reader.next()?.option
            // A letter is the same option as the name.
            if !typed.hasPrefix("--"), let index = Self.all.firstIndex(of: typed) {
                #expect(OptionTable.option(name: Self.all[index + 1].dropFirst(2))?.option.name == option?.name)
            }
        } catch {
            let advice = try #require(error.description.split(separator: ": ", maxSplits: 1).last)
            #expect(error.description.hasPrefix("there is no \(typed): ") && advice.contains(" ") && !advice.hasPrefix("did you mean"))
        }
    }

    @Test("All of the installed curl are among them") func installed() async throws {
        let help = try await Command("curl", ["--help", "all"]).run().text
        let names = help.matches(of: /(?m)^ *(?:-(?:.), )? *(--[a-z0-9][-.\w]*)/).map { String($0.output.1) }
        #expect(names.count > 200 && Set(names).isSubset(of: Self.all))
    }

    @Test(
        "Habits of wget and aria2c are told which option it is",
        arguments: [
            ("-P", "--output-dir"), ("--directory-prefix", "--output-dir"), ("--tries", "--retry"), ("-t", "--retry"),
            ("--timeout", "--max-time"), ("--input-file", "--input"), ("--spider", "--head"), ("--no-check-certificate", "--insecure"),
            ("--wait", "--rate"), ("--no-proxy", "--noproxy"), ("--output-document", "--output"),
            ("--max-concurrent-downloads", "--concurrency"),
            ("--max-connection-per-server", "--per-host"), ("--split", "--per-host"), ("--dir", "--output-dir"), ("--out", "--output"),
            ("--continue", "--continue-at"), ("--content-on-error", "--fail-with-body"), ("--post-data", "--data"),
            ("--load-cookies", "--cookie"), ("--ca-certificate", "--cacert"), ("--max-tries", "--retry"), ("--all-proxy", "--proxy"),
            ("--inet4-only", "--ipv4"), ("--timestamping", "--remote-time"), ("--http-password", "--user"),
        ]) func meanings(typed: String, name: String)
    {
        let error = #expect(throws: UsageError.self) { try canonical([typed, "1"]) }
        #expect(error?.description.hasPrefix("there is no \(typed): use ") == true && error?.description.contains("\(name) ") == true)
    }

    @Test(
        "What is only misspelled is told its name",
        arguments: [
            ("--retires", "--retry"), ("--outputdir", "--output-dir"), ("--conect-timeout", "--connect-timeout"), ("--fromat", "--format"),
            ("--skip-exist", "--skip-existing"), ("--header-s", "--header"), ("--cookiejar", "--cookie-jar"),
        ]) func spelling(typed: String, name: String)
    {
        let error = #expect(throws: UsageError.self) { try canonical([typed]) }
        #expect(error?.description.contains("did you mean") == true && error?.description.contains(name) == true)
    }
}
