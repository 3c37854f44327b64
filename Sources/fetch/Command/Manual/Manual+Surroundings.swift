// What stands after the errors: signals, environment, files, examples, security.

extension Manual {
    static let signals = #"""
        .Sh SIGNALS
        .Bl -tag -width Ds
        .It Dv SIGINT , SIGTERM , SIGHUP
        Once: nothing new starts, what is in flight is cancelled, what is finished is
        written, and the signal ends the program.
        Twice: the program ends at once.
        .It Dv SIGUSR1
        A line on standard error tells how the run goes.
        .El
        """#

    static let environment = #"""
        .Sh ENVIRONMENT
        .Bl -tag -width Ds
        .It Ev http_proxy , https_proxy , HTTPS_PROXY , all_proxy , ALL_PROXY
        The proxy for URLs of a scheme, and for both; as
        .Fl x ,
        which goes before.
        .It Ev no_proxy , NO_PROXY
        Hosts that are asked without one, as
        .Fl \-noproxy .
        .It Ev CURL_CA_BUNDLE , SSL_CERT_FILE
        Certificate authorities to trust, as
        .Fl \-cacert .
        .It Ev SSLKEYLOGFILE
        libcurl writes the keys of TLS sessions to this file.
        .It Ev HOME
        Where
        .Fl n
        looks for
        .Pa .netrc .
        .It Ev TMPDIR
        Where bodies go that memory has no room for; otherwise
        .Pa /tmp .
        .It Ev COLUMNS , TERM
        Width and kind of the terminal.
        .El
        """#

    static let files = #"""
        .Sh FILES
        .Bl -tag -width Ds
        .It Pa ~/.netrc
        Users and passwords, with
        .Fl n .
        .It Ar DIR Ns Pa /HOST/PATH
        A body, with
        .Fl \-output\-dir .
        Whatever URLs, lists and servers say, a name stays below the directory and
        follows no link.
        A file has its name when its body is whole.
        .It Ar NAME Ns Pa .part
        The part of a body that is there, with
        .Fl C Cm \- .
        .It Ar NAME Ns Pa .cdxj
        The index of a WARC file.
        .El
        .Pp
        No file of options is read unless
        .Fl K
        names it.
        """#

    static let examples = #"""
        .Sh EXAMPLES
        Bodies, in this order:
        .Bd -literal -offset indent
        fetch https://example.com https://www.swift.org > pages
        .Ed
        .Pp
        A file for each URL of a list, to be continued after whatever happens:
        .Bd -literal -offset indent
        fetch -i urls.txt --output-dir pages --skip-existing
        .Ed
        .Pp
        What failed, and why:
        .Bd -literal -offset indent
        fetch --format jsonl --no-body -i urls.txt |
            jq -r 'select(.ok | not) | [.error, .url, .errormsg] | @tsv'
        .Ed
        .Pp
        The same list once more, only what failed:
        .Bd -literal -offset indent
        fetch -i urls.txt --output-dir pages --failed rest.txt
        fetch -i rest.txt --output-dir pages
        .Ed
        .Pp
        Status and time of each, nothing else:
        .Bd -literal -offset indent
        fetch -i urls.txt --format none \e
            -w '%{http_code} %{time_total} %{url}\en'
        .Ed
        .Pp
        Gently, patiently, and not for ever:
        .Bd -literal -offset indent
        fetch -i urls.txt --rate 10/s --retry 5 --deadline 1h > pages
        .Ed
        .Pp
        A request with content for each line:
        .Bd -literal -offset indent
        jq -c '{url: "https://example.com/api", method: "PUT",
            body: tojson}' data.jsonl | fetch --format jsonl
        .Ed
        .Pp
        An archive to replay:
        .Bd -literal -offset indent
        fetch --format warc -o site.warc.gz -i urls.txt
        .Ed
        """#

    static let end = #"""
        .Sh SEE ALSO
        .Xr curl 1 ,
        .Xr jq 1 ,
        .Xr wget 1
        .Sh STANDARDS
        HTTP: RFC 9110, 9112, 9113, 9114.
        Records: RFC 8259 (JSON), RFC 4180 (CSV), ISO 28500 (WARC), POSIX.1\-2001 (pax).
        Exit statuses: those of
        .In sysexits.h .
        .Sh SECURITY CONSIDERATIONS
        To another origin, and from https to http, go only header fields that are known
        to be harmless;
        .Fl \-location\-trusted
        sends all.
        A redirect from http to https of the same host, both on their default ports,
        counts as the same origin.
        .Pp
        User and password of a URL are masked in outputs, messages and records, but not
        in the file of
        .Fl \-failed .
        Secrets in arguments are overwritten at the start, so that
        .Xr ps 1
        shows them for moments only;
        .Fl H Ar @FILE ,
        .Fl \-netrc\-file
        and
        .Fl K
        keep them out of it.
        .Pp
        For URLs from strangers there is
        .Fl \-block\-private :
        only public addresses are connected to, at every hop.
        Lists can name files to send
        .Pq Cm body_file ,
        but not with this option.
        .Pp
        A value of a table that begins with =, +, \- or @ is a formula to a spreadsheet;
        .Fl \-csv\-safe
        makes it text.
        """#
}
