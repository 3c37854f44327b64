// Retries must not become the load that breaks a server: they are paid for with what succeeds. The numbers are those of the
// AWS SDKs' standard mode (botocore, retries/quota.py), which thinks of one request at a time.

/// The tokens that retries cost, for a whole run.
struct RetryBudget {
    static let costOfThrottled = 5
    static let costOfOther = 14

    private let capacity: Int
    private var tokens: Int

    /// Enough for everything in flight to fail at once, and once more.
    init(concurrency: Int) {
        capacity = max(500, 2 * concurrency * Self.costOfOther)
        tokens = capacity
    }

    /// Whether a retry can be paid for; if so, it is.
    mutating func pay(_ cost: Int) -> Bool {
        guard tokens >= cost else { return false }
        tokens -= cost
        return true
    }

    /// `cost` is what the last retry of this request cost, 0 when there was none.
    mutating func succeeded(cost: Int) {
        tokens = min(capacity, tokens + max(1, cost))
    }
}
