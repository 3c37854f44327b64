// What stands before the options, and what is read and in which order it comes out.

extension Manual {
    static let introduction = #"""
        .Sh NAME
        .Nm fetch
        .Nd fetch many URLs at once
        .Sh SYNOPSIS
        .Nm
        .Op Ar options
        .Ar url ...
        .Nm
        .Op Ar options
        .Fl i Ar list
        .Ar ...
        .Nm
        .Op Ar options
        <
        .Ar list
        .Sh DESCRIPTION
        .Nm
        fetches URLs over HTTP and HTTPS, many at once, and writes their bodies, or
        records of what happened to each, as one stream.
        A list may have one URL or fifty million: it is read while the transfers run,
        and memory does not depend on its length.
        Every line that is read ends as exactly one outcome.
        .Pp
        URLs are the arguments; without any, and without
        .Fl i ,
        they are read from standard input.
        The stream goes to standard output or to the file of
        .Fl o ;
        messages, timings and summaries go to standard error.
        .Pp
        Unless options say otherwise, redirects are followed (at most 20), bodies are
        decompressed, certificates are verified, and what failed but may pass is tried
        twice again.
        Transfers at once are 64, and 8 for one host.
        .Pp
        A body is whole or it is a failure: of one whose length was not met, whose last
        chunk is missing or whose gzip stream has no end, nothing gets out.
        Only with
        .Fl \-format Cm body
        a body that is next in line and larger than 1 MiB is written while it arrives.
        """#

    static let input = #"""
        .Sh INPUT
        A list has one URL a line.
        Blank lines and lines that begin with
        .Ql #
        are skipped; CRLF and a byte order mark are fine.
        A URL without a scheme means http.
        A row of a table that begins with
        .Ql http://
        or
        .Ql https://
        is that URL: it ends at a tab, or at a blank if only numbers follow.
        A line that cannot be fetched is an outcome of class
        .Cm input .
        A page, a JSON array, or five lines without a URL are no list: nothing is
        fetched, and the exit status is 65.
        .Pp
        In arguments, and with
        .Fl \-glob
        in lists, {a,b} and [01\-99] stand for several URLs, as in curl.
        .Pp
        A line that begins with
        .Ql {
        is a request as a JSON object: the key
        .Cm url ,
        and any of
        .Cm method , headers , body , body_base64 , body_file , id , output , timeout ,
        .Cm sha256 , user , bearer
        and
        .Cm range .
        What it says replaces what the options say.
        A key that is unknown or there twice is an error of that line.
        A body whose hash is not
        .Cm sha256
        is a failure of class
        .Cm integrity .
        """#

    static let order = #"""
        .Sh ORDER
        Bodies come in the order of the input, because nothing else says which is which.
        Records name their URL and come as they finish.
        .Fl \-ordered
        and
        .Fl \-unordered
        say otherwise.
        What waits for its order is held in memory up to
        .Fl \-body\-memory ,
        then in an unlinked file in
        .Ev TMPDIR ;
        where that is full, transfers wait.
        .Pp
        Hosts are served in turn, so that a list sorted by host keeps many of them busy.
        A host that answers 429 or 503 gets less at once, and the pause that its
        Retry\-After field asks for.
        One that cannot be reached is asked by a single probe now and then, until it is
        given up
        .Pq Cm host_down .
        """#
}
