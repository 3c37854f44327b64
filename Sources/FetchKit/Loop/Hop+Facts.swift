// What libcurl knows of a finished transfer, in our words (https://curl.se/libcurl/c/curl_easy_getinfo.html).

internal import CCurl

extension Hop {
    /// Reads moments, addresses and sizes. Asks only for what can be there: each question costs.
    mutating func readFacts(of easy: borrowing EasyHandle) {
        timings.$nameLookup = easy.offset(CURLINFO_NAMELOOKUP_TIME_T)
        timings.$total = easy.offset(CURLINFO_TOTAL_TIME_T)
        if let address = easy.string(CURLINFO_PRIMARY_IP), !address.isEmpty {
            remoteAddress = address
            remotePort = easy.long(CURLINFO_PRIMARY_PORT)
            // Without a connection some versions put the end of the transfer here.
            timings.$connect = easy.offset(CURLINFO_CONNECT_TIME_T)
            if url.origin.isSecure { timings.$appConnect = easy.offset(CURLINFO_APPCONNECT_TIME_T) }
            timings.$preTransfer = easy.offset(CURLINFO_PRETRANSFER_TIME_T)
            timings.$startTransfer = easy.offset(CURLINFO_STARTTRANSFER_TIME_T)
        }
        connectionCount = easy.long(CURLINFO_NUM_CONNECTS)
        bytesUploaded = easy.offset(CURLINFO_SIZE_UPLOAD_T)
        headerBytes = Int64(easy.long(CURLINFO_HEADER_SIZE))
        requestBytes = Int64(easy.long(CURLINFO_REQUEST_SIZE))
        downloadSpeed = easy.offset(CURLINFO_SPEED_DOWNLOAD_T)
    }
}
