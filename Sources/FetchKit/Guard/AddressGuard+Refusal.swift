// Judges the address that is about to be dialled. A URL has a hundred spellings and a name can change its mind; what connect(2)
// gets is one number, and that is what is judged here.

internal import CCurl
internal import Glibc

extension AddressGuard {
    /// Why `address` may not be dialled for a URL with that host; nil when it may. It must be a whole `sockaddr_in` or
    /// `sockaddr_in6`, as its family says.
    func refusal(_ address: UnsafePointer<sockaddr>, host: String) -> String? {
        guard isActive else { return nil }
        guard let (address, port) = NumericAddress.read(address) else { return "not an internet address" }
        if !allowedPorts.isEmpty, !allowedPorts.contains(port) { return "port \(port) is not allowed" }
        if let reason = denial(of: address) { return reason }
        guard blocksPrivate, !allows(address), !allowedHosts.contains(host) else { return nil }
        return privacy(of: address)
    }

    private func denial(of address: NumericAddress) -> String? {
        if let range = denied.first(where: { $0.contains(address) }) { return "\(address) is in the denied range \(range)" }
        for inner in address.disguise?.uncover(address) ?? [] where denial(of: inner) != nil {
            return "\(address) leads to the denied address \(inner)"
        }
        return nil
    }

    private func allows(_ address: NumericAddress) -> Bool {
        guard let disguise = address.disguise else { return allowed.contains { $0.contains(address) } }
        return allowed.contains { $0.length >= disguise.range.length && $0.contains(address) }
            || disguise.uncover(address).allSatisfy(allows)
    }

    private func privacy(of address: NumericAddress) -> String? {
        guard let disguise = address.disguise else { return address.purpose.map { "\(address) is a \($0) address" } }
        let inner = disguise.uncover(address)
        for each in inner {
            if let purpose = each.purpose { return "\(address) leads to the \(purpose) address \(each) (\(disguise.name))" }
        }
        return disguise.isTrusted ? nil : "\(address) leads to \(inner[0]) in a way that is not trusted (\(disguise.name))"
    }
}
