// One owner for one `CURLM *`: the set of transfers that one event loop carries.

internal import CCurl

/// A libcurl multi handle, driven by `curl_multi_socket_action` (https://curl.se/libcurl/c/libcurl-multi.html).
struct MultiHandle: ~Copyable {
    private let pointer: UnsafeMutableRawPointer

    /// nil when the system has no memory, or no descriptors, to give. With `sparesDescriptors` it is made without the descriptors of
    /// `curl_multi_wakeup`, of which no use is made here.
    init?(sparesDescriptors: Bool) {
        let spared = sparesDescriptors ? Descriptors.withheld { curl_multi_init() } : nil
        guard let pointer = spared ?? curl_multi_init() else { return nil }
        self.pointer = pointer
    }

    deinit { curl_multi_cleanup(pointer) }

    func set(_ option: CURLMoption, _ value: Int) {
        check(ccurl_multi_set_long(pointer, option, value))
    }

    /// libcurl hands `context` back to each of its two callbacks; both may still be called while the handle is cleaned up.
    func setCallbacks(
        socket: @escaping curl_socket_callback, timer: @escaping curl_multi_timer_callback,
        context: UnsafeMutableRawPointer
    ) {
        check(ccurl_multi_set_socket(pointer, CURLMOPT_SOCKETFUNCTION, socket))
        check(ccurl_multi_set_pointer(pointer, CURLMOPT_SOCKETDATA, context))
        check(ccurl_multi_set_timer(pointer, CURLMOPT_TIMERFUNCTION, timer))
        check(ccurl_multi_set_pointer(pointer, CURLMOPT_TIMERDATA, context))
    }

    func add(_ easy: UnsafeMutableRawPointer) {
        check(curl_multi_add_handle(pointer, easy))
    }

    func remove(_ easy: UnsafeMutableRawPointer) {
        check(curl_multi_remove_handle(pointer, easy))
    }

    /// Says that `socket` is ready for `events` (`CURL_CSELECT_*`).
    func act(on socket: curl_socket_t, events: Int32) {
        var running: Int32 = 0
        check(curl_multi_socket_action(pointer, socket, events, &running))
    }

    /// Says that the time which the timer callback asked for is over.
    func actOnTimeout() {
        act(on: CURL_SOCKET_BAD, events: 0)
    }

    /// The next finished transfer. Its fields are copied here, because removing the handle frees the message.
    func nextFinished() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            return (easy, message.pointee.data.result)
        }
        return nil
    }

    private func check(_ code: CURLMcode) {
        // Sockets that libcurl has just closed itself are no fault of ours.
        if code == CURLM_OK || code == CURLM_BAD_SOCKET { return }
        preconditionFailure("libcurl multi: \(String(cString: curl_multi_strerror(code)))")
    }
}
