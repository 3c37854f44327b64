// libcurl stops and starts watching a socket for each request on a kept-alive connection. What it wants and what the poller
// knows are kept apart here and compared just before the loop waits; and a socket that nobody watches stays with the poller
// until it says something, so that a busy connection costs no epoll_ctl at all.

internal import Glibc

/// What libcurl wants to know about its sockets.
struct SocketInterests {
    private struct Entry {
        var wanted: Poller.Interest = []
        var known: Poller.Interest = []
        /// True for a socket that we opened and whose closing we will hear of. Only such a socket may wait for its change:
        /// libcurl closes others (its resolver's) by itself, and their number may come back as another socket.
        var isOurs = false
        var isChanged = false
        /// How often in a row something could be read that was no part of a response.
        var idleReads = 0
    }

    private var entries: [Entry] = []
    private var changed: [CInt] = []

    mutating func opened(_ descriptor: CInt) {
        grow(to: descriptor)
        entries[Int(descriptor)].isOurs = true
        entries[Int(descriptor)].known = []
        entries[Int(descriptor)].idleReads = 0
    }

    /// Something was read so often without a part of a response; 0 is a read with one. Returns how often in a row.
    mutating func noteIdleReads(_ count: Int, from descriptor: CInt) -> Int {
        entries[Int(descriptor)].idleReads = count == 0 ? 0 : entries[Int(descriptor)].idleReads + count
        return entries[Int(descriptor)].idleReads
    }

    /// The kernel takes a closed socket out of epoll by itself.
    mutating func closed(_ descriptor: CInt) {
        grow(to: descriptor)
        entries[Int(descriptor)].isOurs = false
        entries[Int(descriptor)].known = []
        entries[Int(descriptor)].wanted = []
    }

    mutating func want(_ interest: Poller.Interest, of descriptor: CInt, from poller: Poller) {
        grow(to: descriptor)
        let index = Int(descriptor)
        entries[index].wanted = interest
        if !entries[index].isOurs {
            update(descriptor, in: poller)
        } else if !interest.isEmpty && !entries[index].isChanged {
            entries[index].isChanged = true
            changed.append(descriptor)
        }
    }

    /// Whether libcurl wants to hear of a socket that is ready. If not, the socket is idle and its server has closed it: the
    /// poller forgets it now, and libcurl will see the end when it wants to use it again.
    mutating func isWanted(_ descriptor: CInt, in poller: Poller) -> Bool {
        if !entries[Int(descriptor)].wanted.isEmpty { return true }
        update(descriptor, in: poller)
        return false
    }

    /// Tells the poller what has changed since the last time.
    mutating func flush(to poller: Poller) {
        for descriptor in changed {
            entries[Int(descriptor)].isChanged = false
            if !entries[Int(descriptor)].wanted.isEmpty { update(descriptor, in: poller) }
        }
        changed.removeAll(keepingCapacity: true)
    }

    private mutating func update(_ descriptor: CInt, in poller: Poller) {
        let entry = entries[Int(descriptor)]
        guard entry.wanted != entry.known else { return }
        if entry.wanted.isEmpty {
            poller.remove(descriptor)
        } else {
            poller.change(descriptor, to: entry.wanted, isNew: entry.known.isEmpty)
        }
        entries[Int(descriptor)].known = entry.wanted
    }

    private mutating func grow(to descriptor: CInt) {
        while entries.count <= Int(descriptor) { entries.append(Entry()) }
    }
}
