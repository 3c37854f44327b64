// Where libcurl calls back: each callback finds its transfer by an opaque pointer.

internal import CCurl

extension Transfer {
    func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        easy.set(CURLOPT_PRIVATE, pointer: context)
        easy.set(CURLOPT_ERRORBUFFER, pointer: errorText)
        easy.set(
            CURLOPT_HEADERFUNCTION,
            callback: { bytes, _, count, context in
                Transfer.with(context) { $0.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: count)) }
            } as curl_write_callback)
        easy.set(CURLOPT_HEADERDATA, pointer: context)
        easy.set(
            CURLOPT_WRITEFUNCTION,
            callback: { bytes, _, count, context in
                Transfer.with(context) { $0.receiveBody(UnsafeRawBufferPointer(start: bytes, count: count)) }
            } as curl_write_callback)
        easy.set(CURLOPT_WRITEDATA, pointer: context)
        easy.set(
            CURLOPT_OPENSOCKETFUNCTION,
            callback: { context, _, address in Transfer.from(context).openSocket(address!) } as curl_opensocket_callback)
        easy.set(CURLOPT_OPENSOCKETDATA, pointer: context)
        easy.set(
            CURLOPT_PREREQFUNCTION,
            callback: { context, _, _, _, localPort in
                let transfer = Transfer.from(context)
                transfer.localPort = Int(localPort)
                return transfer.mayBeSent() ? CInt(CURL_PREREQFUNC_OK) : CInt(CURL_PREREQFUNC_ABORT)
            } as curl_prereq_callback)
        easy.set(CURLOPT_PREREQDATA, pointer: context)
        // libcurl tells what it sends, and of the frames of HTTP/2, only to whoever wants to debug.
        easy.set(
            CURLOPT_DEBUGFUNCTION,
            callback: { _, kind, bytes, count, context in
                let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
                let transfer = Transfer.from(context)
                if kind == CURLINFO_HEADER_OUT {
                    if transfer.setup.recordsRequests { transfer.sentHead(bytes) }
                } else if kind == CURLINFO_TEXT {
                    transfer.engine.tracedLines += 1
                    if let frame = StreamFrame(bytes) { transfer.engine.heard(frame, by: transfer) }
                }
                return 0
            } as curl_debug_callback)
        easy.set(CURLOPT_DEBUGDATA, pointer: context)
    }

    /// For libcurl's callbacks.
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    /// The same without counting a reference: the engine holds the transfer while libcurl works for it.
    fileprivate static func with<Result>(_ context: UnsafeMutableRawPointer?, _ body: (Transfer) -> Result) -> Result {
        Unmanaged<Transfer>.fromOpaque(context!)._withUnsafeGuaranteedRef(body)
    }
}
