// Formats, the keys of their records, and the classes of errors.

import FetchKit

extension Manual {
    static let formats = #"""
        .Sh FORMATS
        .Bl -tag -width Ds
        .It Cm body
        The bodies, nothing added.
        The body of a response with status 400 or above is left out, unless there is
        .Fl \-fail\-with\-body .
        On a terminal binary bodies are not shown, and a line names each URL of several.
        .It Cm jsonl
        A JSON object for each URL, a line each, with all keys of
        .Sx RECORD KEYS .
        A body that is valid UTF\-8 is in
        .Cm body ,
        any other one in
        .Cm body_base64 ;
        .Fl \-no\-body
        leaves both away.
        .It Cm csv , tsv
        A table, the first row with the names of its columns:
        those that
        .Fl \-columns
        names, such as
        .Ql url,response_code,header:server,body .
        In
        .Cm tsv
        a tab, a line end, a return and a backslash in a value are
        .Ql \et , \en , \er
        and
        .Ql \ee .
        .It Cm tar
        An archive with an entry for each body, named as
        .Fl \-name
        says.
        The record stands in the comment of an entry's pax header.
        A failure is an empty folder named after the host.
        .It Cm warc
        WARC 1.1: requests and responses as they went over the wire, redirects too.
        With
        .Fl o Ar NAME.warc.gz
        each record is a gzip member, and
        .Ar NAME.cdxj
        is an index; with
        .Fl o Ar NAME.warc
        nothing is compressed.
        .It Cm har
        One HTTP archive (HAR 1.2).
        .It Cm none
        Nothing; the exit status and
        .Fl w
        still tell.
        .El
        .Pp
        .Fl w
        writes text after each transfer, with
        .Cm body
        and
        .Cm none .
        It has curl\(aqs variables, such as
        .Ql %{http_code} %{time_total} %{url}\en .
        .Pp
        A file is whole whenever the run ends, also by an interrupt or on a full disk.
        """#

    static let keys = #"""
        .Sh RECORD KEYS
        Names and units are curl\(aqs where curl has the fact: times are seconds with
        microseconds, sizes are bytes.
        What is not known is null, and empty in a table.
        .Bl -tag -width Ds
        .It Cm index
        The place of the request in the input, from 0.
        .It Cm id
        What a JSON line has as its
        .Cm id .
        .It Cm input_file , input_line
        The list and the line that the request comes from.
        .It Cm input_base64
        The line itself, where it is no UTF\-8.
        .It Cm url
        The URL as it was given, without its password.
        .It Cm url_effective
        The URL that was asked last.
        .It Cm method
        The method of the last request.
        .It Cm response_code
        The status of the last response.
        .It Cm http_version , scheme
        The protocol of the last exchange: 1.1, 2, 3; http, https.
        .It Cm remote_ip , remote_port
        The address that was connected to.
        .It Cm content_type
        The field Content\-Type of the response.
        .It Cm headers
        All fields of the response: names in lower case, each with its values.
        .It Cm size_download
        Bytes of bodies as they came over the wire.
        .It Cm size_delivered
        Bytes of the body after decoding.
        .It Cm size_header , size_request , size_upload
        Bytes of the heads of responses, of requests, and of their content.
        .It Cm num_redirects , redirects
        How many redirects were followed, and
        .Cm url , response_code
        and
        .Cm time_total
        of each.
        .It Cm num_retries , num_connects
        How often the request was tried again, and how many connections were opened.
        .It Cm time_queue
        What the request waited for hosts, rates and retries.
        The other times leave it out.
        .It Cm time_namelookup , time_connect , time_appconnect , time_pretransfer , time_starttransfer
        From the start until the name was found, the connection was there, its TLS
        was there, the request could be sent, the first byte of the response came.
        .It Cm time_redirect
        All exchanges before the last one.
        .It Cm time_total
        From the start to the end.
        .It Cm speed_download
        Bytes per second.
        .It Cm started_at
        When the first exchange began, in UTC.
        .It Cm ok
        Whether the request went well: a whole body, and a status below 400.
        .It Cm length_unproved
        Whether nothing proves the end of the body: the server closed the connection.
        .It Cm tls_verified
        Whether all certificates were verified.
        .It Cm error
        The class of the failure; see
        .Sx ERRORS OF REQUESTS .
        .It Cm exitcode
        libcurl\(aqs result, 0 for class
        .Cm http .
        .It Cm errormsg
        The failure in words.
        .It Cm body , body_base64
        The body as text, or as base64 where it is no UTF\-8.
        .It Cm body_file
        The file that has the body.
        .It Cm sha256
        The hash of the body, with
        .Fl \-sha256
        and where a file or a line asks for it.
        .El
        .Pp
        Sizes and
        .Cm num_connects
        are sums over all exchanges of a request.
        """#

    static func meaning(of kind: FetchError.Kind) -> String {
        switch kind {
        case .input: "The line cannot be used as a request."
        case .dnsTemporary: "The name could not be looked up; it may be possible later."
        case .dnsPermanent: "The name does not exist."
        case .connect: "No connection, or one that was lost before any response."
        case .tls: "The TLS handshake or the verification of the certificate failed."
        case .timeoutConnect: "No connection within --connect-timeout."
        case .timeoutFirstByte: "Connected, but no head of a response came in time."
        case .timeoutStall: "Slower than --speed-limit for --speed-time."
        case .timeoutTotal: "Longer than --max-time."
        case .protocolViolation: "The server does not speak HTTP as it should."
        case .truncated: "The body ended before its end."
        case .decode: "The body cannot be decompressed."
        case .integrity: "The body does not have the hash that the line asks for."
        case .tooLarge: "Body or head are larger than the limit."
        case .http: "A response with status 400 or above."
        case .redirect: "A redirect that cannot be followed, or one too many."
        case .blocked: "The address is one that --block-private and its like refuse."
        case .hostDown: "The host was given up after it had failed repeatedly."
        case .localResource: "This machine ran out of something, or a file to send cannot be read."
        case .output: "The output could not be written."
        case .cancelled: "The run ended before the request did."
        case .internal: "A fault of fetch."
        }
    }
}
