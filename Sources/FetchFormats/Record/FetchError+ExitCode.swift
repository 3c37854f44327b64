// Failures as numbers, for %{exitcode} of -w.

package import FetchKit

extension FetchError {
    /// What curl's exit status would be. It knows no failure without one, and fails of a status of 400 and above with -f.
    package var exitCode: Int {
        if let curlCode, kind != .http { return curlCode }
        return switch kind {
        case .input: 3
        case .dnsTemporary, .dnsPermanent: 6
        case .connect, .blocked, .hostDown: 7
        case .truncated: 18
        case .output: 23
        case .localResource: 27
        case .timeoutConnect, .timeoutFirstByte, .timeoutStall, .timeoutTotal: 28
        case .tls: 35
        case .cancelled: 42
        case .redirect: 47
        case .http: 22
        case .decode: 61
        case .tooLarge: 63
        case .protocolViolation: 8
        case .integrity, .internal: 2
        }
    }
}
