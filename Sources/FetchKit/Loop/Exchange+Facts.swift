// What libcurl knows of a finished transfer beyond the usual (https://curl.se/libcurl/c/curl_easy_getinfo.html).

internal import CCurl

extension Exchange {
    /// `CURLINFO_OFF_T` + 64 and + 67, `CURLINFO_LONG` + 66: newer than the oldest headers that we build with.
    private static let connectionID = CURLINFO(rawValue: 0x600000 + 64)
    private static let postTransferTime = CURLINFO(rawValue: 0x600000 + 67)
    private static let usedProxy = CURLINFO(rawValue: 0x200000 + 66)

    convenience init(
        of easy: borrowing EasyHandle, requestHead: [UInt8], requestBody: [UInt8]?, wireBody: Body, spent: Duration, certificates: Bool
    ) {
        let address = easy.string(CURLINFO_LOCAL_IP).flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            requestHead: requestHead, requestBody: requestBody, wireBody: wireBody, localAddress: address,
            localPort: address == nil ? nil : easy.long(CURLINFO_LOCAL_PORT),
            connectionID: easy.offsetIfKnown(Self.connectionID).flatMap { $0 < 0 ? nil : Int($0) },
            postTransfer: easy.offsetIfKnown(Self.postTransferTime).map { .microseconds($0) + spent },
            verifyResult: easy.long(CURLINFO_SSL_VERIFYRESULT), proxyVerifyResult: easy.long(CURLINFO_PROXY_SSL_VERIFYRESULT),
            connectCode: easy.long(CURLINFO_HTTP_CONNECTCODE), usedProxy: easy.longIfKnown(Self.usedProxy).map { $0 == 1 },
            uploadSpeed: easy.offset(CURLINFO_SPEED_UPLOAD_T), certificates: certificates ? easy.certificates : [])
    }
}
