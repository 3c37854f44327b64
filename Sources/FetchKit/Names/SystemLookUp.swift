// The system's own resolver: /etc/hosts, name servers, whatever nsswitch.conf says.

internal import CCurl
internal import Glibc

/// Asks getaddrinfo(3), which may take its time. `family` is AF_UNSPEC, AF_INET or AF_INET6.
func systemLookUp(_ name: String, family: CInt) -> Resolution {
    var hints = addrinfo()
    hints.ai_family = family
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    // International names are turned into their ASCII form; the C locale would refuse them, `Startup` sets another.
    if name.utf8.contains(where: { $0 > 0x7F }) { hints.ai_flags = AI_IDN }
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(isBelowLocalhost(name) ? "localhost" : name, nil, &hints, &list)
    let systemError = errno
    defer { if let list { freeaddrinfo(list) } }
    guard code == 0 else {
        // Without a descriptor for /etc/hosts or the name server's socket every name is unknown.
        if Descriptors.available(upTo: 2) < 2 { return .failure(.shortage(EMFILE)) }
        return .failure(failure(code, systemError))
    }
    var addresses: [IPAddress] = []
    var next = list
    while let info = next?.pointee {
        if let address = info.ai_addr.flatMap({ IPAddress($0) }), !addresses.contains(address) { addresses.append(address) }
        next = info.ai_next
    }
    return addresses.isEmpty ? .failure(.absent("no address")) : .addresses(addresses)
}

/// Names below localhost are this machine, and no name server is asked for them (RFC 6761, section 6.3); libcurl does the same.
private func isBelowLocalhost(_ name: String) -> Bool {
    (name.hasSuffix(".") ? name.dropLast() : name[...]).hasSuffix(".localhost")
}

/// getaddrinfo(3), "RETURN VALUE".
private func failure(_ code: CInt, _ systemError: CInt) -> Resolution.Failure {
    let reason = String(cString: gai_strerror(code))
    switch code {
    case EAI_NONAME, EAI_NODATA, EAI_ADDRFAMILY, EAI_IDN_ENCODE: return .absent(reason)
    case EAI_MEMORY: return .shortage(ENOMEM)
    case EAI_SYSTEM where [EMFILE, ENFILE, ENOMEM, ENOBUFS, EAGAIN].contains(systemError): return .shortage(systemError)
    case EAI_SYSTEM: return .temporary(String(cString: strerror(systemError)))
    default: return .temporary(reason)
    }
}

// Values of <netdb.h> that are only there with _GNU_SOURCE.
private let AI_IDN: CInt = 0x40
private let EAI_NODATA: CInt = -5
private let EAI_ADDRFAMILY: CInt = -9
private let EAI_IDN_ENCODE: CInt = -105
