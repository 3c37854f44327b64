// Which transfers are too slow. libcurl's own check (https://curl.se/libcurl/c/CURLOPT_LOW_SPEED_TIME.html) calls every transfer once a
// second and asks the kernel about its socket, which is most of what thousands of waiting connections cost.

internal import CCurl

/// For how long one transfer has been slow.
struct SpeedWatch {
    /// All bytes of the transfer when it was last fast enough, and the seconds since.
    private var bytes: Int64 = 0
    private var seconds = 0

    /// The seconds for which the transfer has been below `limit` bytes per second. To be asked once a second: time in which the process
    /// is stopped does not count.
    mutating func secondsBelow(_ limit: Int, bytes total: Int64) -> Int {
        seconds += 1
        if (total - bytes) / Int64(seconds) >= limit { restart(at: total) }
        return seconds
    }

    mutating func restart(at total: Int64) { (bytes, seconds) = (total, 0) }
}

extension Transfer {
    /// Whether it has been below the speed limit for as long as it may. A connection in the making has a limit of its own, and what we
    /// hold back is not slow.
    func isStalled(_ timeouts: Configuration.Timeouts) -> Bool {
        guard !isDone, isConnected else { return false }
        let total = easy.offset(CURLINFO_SIZE_DOWNLOAD_T) + easy.offset(CURLINFO_SIZE_UPLOAD_T)
        if isPaused {
            speed.restart(at: total)
            return false
        }
        return speed.secondsBelow(timeouts.stallSpeed, bytes: total) >= timeouts.stall.components.seconds
    }

    func giveUpAsStalled(_ timeouts: Configuration.Timeouts) {
        // The words are libcurl's.
        let text =
            "Operation too slow. Less than \(timeouts.stallSpeed) bytes/sec transferred the last \(timeouts.stall.components.seconds) seconds"
        state.fail(
            FetchError(state.reached == .head ? .timeoutStall : .timeoutFirstByte, text, curlCode: Int(CURLE_OPERATION_TIMEDOUT.rawValue)))
    }
}

extension CurlEngine {
    /// Ends the transfers that are too slow. To be called once a second.
    func endStalled() {
        let timeouts = configuration.timeouts
        guard timeouts.stall > .zero, timeouts.stallSpeed > 0 else { return }
        for transfer in transfers.values.filter({ $0.isStalled(timeouts) }) {
            transfer.giveUpAsStalled(timeouts)
            finish(transfer, code: CURLE_OPERATION_TIMEDOUT)
        }
    }
}
