import Testing

@testable import FetchKit

@Suite("Frames in libcurl's trace") struct StreamFrameTests {
    @Test(
        "Tells how streams end",
        arguments: [
            ("[HTTP/2] [1] <- FRAME[DATA, len=0, eos=1, padlen=0]\n", 1, StreamFrame.Kind.end),
            ("[HTTP/2] [3] <- FRAME[RST_STREAM, len=4, flags=0]\n", 3, .reset),
            ("[HTTP/2] [5] cf_recv(len=16384) -> 81, 0, window=5000/20905986, connection 1/2\n", 5, .read),
            ("[HTTP/2] [13] <- FRAME[HEADERS, len=9, hend=1, eos=1]\n", 13, .end), ("[HTTP/3] [0] CLOSED\n", 0, .end),
            ("[HTTP/3] [4] reset -> 0\n", 4, .reset), ("[HTTP/3] [12] cf_recv(buflen=16384) -> 81, 0\n", 12, .read),
        ])
    func told(line: String, stream: Int, kind: StreamFrame.Kind) throws {
        let frame = try #require(Array(line.utf8).withUnsafeBytes { StreamFrame($0) })
        #expect(frame.stream == stream && frame.kind == kind)
    }

    @Test(
        "Passes over all else",
        arguments: [
            "", "[HTTP/", "[HTTP/3", "[HTTP/2", "[HTTP/2] [", "[HTTP/2] [x] <- FRAME[RST_STREAM", "[HTTP/2] [99999999999] CLOSED", "eos=1",
            "[SSL] [1] <- FRAME[DATA, eos=1]", "[HTTP/2] [0] ingress: done\n",
            "[HTTP/2] [1] -> FRAME[RST_STREAM, len=4, flags=0, error=8]\n", "[HTTP/2] [1] <- FRAME[DATA, len=10, eos=0, padlen=0]\n",
            "[HTTP/2] [1] CLOSED\n",
            "[HTTP/2] [1] reset -> 0\n", "[HTTP/3] [1] <- FRAME[RST_STREAM, len=4]\n", "[HTTP/3] [0] DATA len=1000, rx win=10\n",
            "[HTTP/3] [0] quic close(app_error=256) -> 0\n", "[HTTP/3] no active streams, unset keep-alive\n", "[HTTP/3] [x] CLOSED\n",
            "Connection #0 to host h left intact\n",
        ])
    func nothing(line: String) {
        #expect(Array(line.utf8).withUnsafeBytes { StreamFrame($0) } == nil)
    }
}
