// Random numbers for names that must be unique. Each record of an archive takes two, and Swift's generator asks the kernel for each.

import Glibc
import Synchronization

/// Random numbers of the kernel, asked for 32 at a time: up to 256 bytes come whole and without an error (getentropy(3)).
final class RandomPool: Sendable {
    private let left = Mutex<[UInt64]>([])

    func next() -> UInt64 {
        left.withLock { numbers in
            if numbers.isEmpty {
                numbers = Array(repeating: 0, count: 32)
                numbers.withUnsafeMutableBytes { precondition(getentropy($0.baseAddress!, $0.count) == 0) }
            }
            return numbers.removeLast()
        }
    }
}
