// Is it a response, and is it whole? What a head may say about the content behind it (RFC 9112 section 6, RFC 9110 sections 8 and
// 14), and what proves the content's end.

extension TransferState {
    // MARK: What the head says

    /// Whether the response has content, so that what its head says about that means something (RFC 9110 section 6.4.1).
    var hasContent: Bool { !rules.isHead && !head.forbidsContent }

    /// A redirect that is followed: nobody wants its body.
    var isFollowed: Bool { rules.followsRedirects && head.isRedirect }

    /// Where a redirect that is followed leads, as the server wrote it.
    package var target: [UInt8]? { isFollowed && head.isComplete ? head.location : nil }

    /// What is wrong with a complete head.
    var headDefect: FetchError? {
        if head.statusCode == 206, !rules.asksForRange { return .wrongRange("the server sent a part, and the whole was asked for") }
        if let defect = head.syntaxDefect ?? (hasContent ? head.framingDefect : nil) { return .malformed("the response has \(defect)") }
        return head.statusCode < 200 ? .malformed("the response has status \(head.statusCode), which is not final") : nil
    }

    /// A coding that was not offered. An error status is a failure by itself, whatever its page is in.
    var codingDefect: FetchError? {
        guard !head.contentCodings.isEmpty, !head.isGzip, rules.offersGzip, !rules.recordsWire, hasContent, !isFollowed,
            head.statusCode < 400
        else { return nil }
        let names = head.contentCodings.joined(separator: ", ")
        return .undecodable("Unrecognized content encoding type: \(names); only gzip was offered")
    }

    /// What came is not the rest that was asked for; nothing of it may be put behind the part that is there.
    var rangeDefect: FetchError? {
        guard let resumption = rules.resumption, head.statusCode == 206, !head.continues(resumption) else { return nil }
        return .wrongRange("the server sent another range than the one from byte \(resumption.offset) on")
    }

    // MARK: The end of the body

    /// What is missing of a body whose end came, as far as its head or its stream tell.
    func lengthDefect(_ stream: StreamEnd?) -> FetchError? {
        guard hasContent, !isDiscarded else { return nil }
        if rules.resumption != nil, head.statusCode == 206, let count = head.contentRange?.count, deliveredBytes < count {
            return .truncated("the server sent \(deliveredBytes) bytes of a range of \(count)")
        }
        if head.isChunked { return nil }
        if let length = head.contentLength {
            return receivedBytes < length ? .truncated("transfer closed with \(length - receivedBytes) bytes remaining to read") : nil
        }
        return stream == .reset && gzip == nil ? .truncated("the stream was reset before its end") : nil
    }

    /// Whether chunks and content coding are complete.
    var decodingDefect: FetchError? {
        if let chunks, chunks.state != .done { return .truncated("the response ends before its last chunk") }
        if let gzip, !gzip.isComplete { return .truncated("the gzip body ends before its end") }
        return nil
    }

    /// Whether nothing proves that a body without a defect is whole. Chunks are undone, and so proved, by the layer below.
    func isLengthUnproved(_ stream: StreamEnd?) -> Bool {
        hasContent && !isDiscarded && !head.isChunked && head.contentLength == nil && gzip == nil && stream != .end
    }

    /// Whether the end of a stream of HTTP/2 or HTTP/3, and nothing else, tells where the body ends.
    package var needsStreamEnd: Bool {
        head.contentLength == nil && head.isComplete && (head.isHTTP2 || head.isHTTP3) && hasContent && !isFollowed
            && !(head.isGzip && rules.offersGzip)
    }

    // MARK: Facts for the layer below

    /// A whole response with a status of 2xx.
    package var isPlainSuccess: Bool { verdict != nil && verdict!.error == nil && (200..<300).contains(head.statusCode) }

    /// The last head that came is not the final one.
    package var isInterim: Bool { head.isInterim }

    package var isHTTP2: Bool { head.isHTTP2 }

    package var isHTTP3: Bool { head.isHTTP3 }

    /// A length and chunks: the chunks count, but others may read the connection differently, so that it is not used again (RFC 9112
    /// section 6.3, rule 3).
    package var hasTwoFramings: Bool { head.isComplete && head.hasTwoFramings }

    /// The number of bytes that the head announces.
    package var contentLength: Int64? { head.contentLength }

    /// Whether `Retry-After` means something (RFC 9110 section 10.2.3).
    package var mayAskToWait: Bool { head.isComplete && head.mayAskToWait }
}
