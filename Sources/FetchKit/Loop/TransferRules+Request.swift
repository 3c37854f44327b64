// What a request and the configuration mean for the state machine of a transfer.

extension TransferRules {
    /// What is the same for all transfers of a run.
    init(_ configuration: Configuration) {
        self.init()
        recordsWire = configuration.recording.contains(.wire)
        kept = configuration.bodies.kept
        maxSize = configuration.bodies.maxSize
        maxCompressionRatio = configuration.bodies.maxCompressionRatio
        offersGzip = configuration.bodies.isCompressionOffered
    }

    /// What is different for each one. Most have the same header fields as the one before.
    mutating func set(_ request: HopRequest, before: HopRequest?, _ setup: TransferSetup) {
        if request.headers != before?.headers ?? [] {
            offersGzip = setup.offersGzip(request.headers)
            asksForRange = request.asksForRange
        }
        isHead = request.method == "HEAD"
        followsRedirects = request.followsRedirect
        resumption = request.resumption
        isHashed = request.isHashed
    }
}
