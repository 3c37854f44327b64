import Testing

@testable import FetchKit

@Suite("Retry policy") struct RetryPolicyTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let kind: FetchError.Kind
        var code: Int? = nil
        var status: Int? = nil
        let isRetried: Bool

        var testDescription: String { "\(kind.rawValue) \(code ?? 0) \(status ?? 0) is \(isRetried ? "" : "not ")retried" }
    }

    static let rows: [Row] =
        [
            Row(kind: .connect, code: 7, isRetried: true), Row(kind: .connect, code: 56, isRetried: true),
            Row(kind: .dnsTemporary, code: 6, isRetried: true), Row(kind: .dnsPermanent, code: 6, isRetried: false),
            Row(kind: .timeoutConnect, code: 28, isRetried: true), Row(kind: .timeoutFirstByte, code: 28, isRetried: true),
            Row(kind: .timeoutStall, code: 28, isRetried: true), Row(kind: .timeoutTotal, code: 28, isRetried: true),
            Row(kind: .truncated, code: 18, isRetried: true), Row(kind: .decode, code: 61, isRetried: true),
            Row(kind: .protocolViolation, code: 52, isRetried: true), Row(kind: .protocolViolation, code: 16, isRetried: true),
            Row(kind: .protocolViolation, code: 92, isRetried: true), Row(kind: .protocolViolation, code: 8, isRetried: false),
            Row(kind: .protocolViolation, code: 1, isRetried: false), Row(kind: .protocolViolation, code: 56, isRetried: false),
            Row(kind: .tls, code: 35, isRetried: true), Row(kind: .tls, code: 60, isRetried: false),
            Row(kind: .tooLarge, code: 63, isRetried: false), Row(kind: .redirect, code: 47, isRetried: false),
            Row(kind: .blocked, isRetried: false), Row(kind: .input, isRetried: false), Row(kind: .hostDown, isRetried: false),
            Row(kind: .cancelled, code: 42, isRetried: false), Row(kind: .localResource, code: 23, isRetried: false),
        ] + [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524].map { Row(kind: .http, code: 0, status: $0, isRetried: true) }
        + [400, 401, 403, 404, 410, 501, 505, 511, 525].map { Row(kind: .http, code: 0, status: $0, isRetried: false) }

    private func attempt(_ row: Row, method: String = "GET", retries: Int = 0) -> Configuration.Retry.Attempt {
        Configuration.Retry.Attempt(
            error: FetchError(row.kind, "", curlCode: row.code), statusCode: row.status, method: method, wasSent: true,
            isIdempotentByKey: false, retries: retries, hadSecondChance: false, sinceFirstDispatch: .zero, retryAfter: nil)
    }

    @Test("Only what may pass is tried again", arguments: rows) func transience(row: Row) {
        let policy = Configuration.Retry()
        #expect((policy.retry(attempt(row), fraction: 0.5) != nil) == row.isRetried)
        #expect(policy.retry(attempt(row, retries: 2), fraction: 0.5) == nil)
    }

    @Test("What is not idempotent is sent again only if nothing of it was sent, or the server says so", arguments: ["POST", "PATCH"])
    func methods(method: String) {
        let policy = Configuration.Retry()
        var lost = attempt(Row(kind: .connect, code: 56, isRetried: true), method: method)
        #expect(policy.retry(lost, fraction: 0) == nil)
        lost.wasSent = false
        #expect(policy.retry(lost, fraction: 0) != nil)
        lost.wasSent = true
        lost.isIdempotentByKey = true
        #expect(policy.retry(lost, fraction: 0) != nil)
        let busy = Row(kind: .http, code: 0, status: 429, isRetried: true)
        #expect(policy.retry(attempt(busy, method: method), fraction: 0) != nil)
        let broken = Row(kind: .http, code: 0, status: 503, isRetried: true)
        #expect(policy.retry(attempt(broken, method: method), fraction: 0) == nil)
    }

    @Test("A handshake and a coding get one more chance, not two") func secondChance() throws {
        for kind in [FetchError.Kind.tls, .decode] {
            var failed = attempt(Row(kind: kind, code: kind == .tls ? 35 : 61, isRetried: true))
            let retry = try #require(Configuration.Retry().retry(failed, fraction: 0))
            #expect(retry.isSecondChance)
            failed.hadSecondChance = true
            #expect(Configuration.Retry().retry(failed, fraction: 0) == nil)
        }
    }

    @Test("Delays grow, differ, and heed Retry-After") func delays() throws {
        var policy = Configuration.Retry()
        policy.limit = 100
        let reset = Row(kind: .connect, code: 56, isRetried: true)
        let delay = { (retries: Int, fraction: Double) in policy.retry(attempt(reset, retries: retries), fraction: fraction)?.delay }
        #expect(delay(0, 0) == .zero && delay(0, 0.5) == .milliseconds(250) && delay(1, 0.5) == .milliseconds(500))
        #expect(delay(20, 0.5) == .seconds(30))
        var busy = attempt(Row(kind: .http, code: 0, status: 429, isRetried: true))
        #expect(policy.retry(busy, fraction: 0.5)?.delay == .milliseconds(500))
        busy.retryAfter = .seconds(10)
        #expect(policy.retry(busy, fraction: 0.5)?.delay == .seconds(10.5))
        busy.retryAfter = .seconds(301)
        #expect(policy.retry(busy, fraction: 0) == nil)
    }

    @Test("A name is asked for again, not remembered", arguments: [nil, Duration.milliseconds(1)]) func names(delay: Duration?) {
        var policy = Configuration.Retry()
        policy.delay = delay
        policy.retriesAllErrors = true
        for (kind, least) in [(FetchError.Kind.dnsTemporary, Resolver.lifetimeOfFailure), (.dnsPermanent, Resolver.lifetimeOfAbsence)] {
            let failed = attempt(Row(kind: kind, code: 6, isRetried: true))
            #expect(policy.retry(failed, fraction: 0)?.delay == least)
        }
    }

    @Test("--retry-delay and --retry-max-time") func fixedDelay() {
        var policy = Configuration.Retry()
        policy.delay = .seconds(3)
        policy.maxTime = .seconds(5)
        var reset = attempt(Row(kind: .connect, code: 56, isRetried: true))
        #expect(policy.retry(reset, fraction: 0.9)?.delay == .seconds(3))
        reset.sinceFirstDispatch = .seconds(2.5)
        #expect(policy.retry(reset, fraction: 0.9) == nil)
    }

    @Test("--retry-all-errors") func allErrors() {
        var policy = Configuration.Retry()
        policy.retriesAllErrors = true
        for row in Self.rows {
            let isHopeless: Set<FetchError.Kind> = [.input, .blocked, .hostDown, .cancelled, .redirect]
            #expect((policy.retry(attempt(row), fraction: 0) != nil) == !isHopeless.contains(row.kind))
        }
    }

    @Test("The budget allows a fifth more at the very most, for good") func budget() {
        var budget = RetryBudget(concurrency: 10)
        var retries = 0
        for _ in 0..<10_000 {
            if budget.pay(RetryBudget.costOfThrottled) { retries += 1 } else { budget.succeeded(cost: 0) }
        }
        #expect(retries <= 100 + 10_000 / 5)
    }

    @Test("A retry that costs more than there is left is not made, and one that costs less is") func cost() {
        var budget = RetryBudget(concurrency: 10)
        let paid = (0..<100).filter { _ in budget.pay(RetryBudget.costOfOther) }
        // Of 500 tokens ten are left.
        #expect(paid == Array(0..<35))
        let cheaper = (0..<10).filter { _ in budget.pay(RetryBudget.costOfThrottled) }
        #expect(cheaper == [0, 1])
    }
}

@Suite("HTTP dates") struct HTTPDateTests {
    @Test(
        "All three forms",
        arguments: ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
    func forms(text: String) { #expect(httpDate(text) == 784_111_777) }

    @Test("Nothing else", arguments: ["", "0", "tomorrow", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT+1"])
    func others(text: String) { #expect(httpDate(text) == nil) }

    @Test("A date that is read without strptime(3) is the one that it reads") func preferredForm() {
        var random = SystemRandomNumberGenerator()
        var count = 0
        for _ in 0..<3000 {
            let seconds = Int.random(in: 0...4_000_000_000, using: &random)
            var text = Array(httpDate(seconds)!.utf8)
            #expect(preferredHTTPDate(String(decoding: text, as: UTF8.self)) == seconds)
            text[Int.random(in: 0..<text.count, using: &random)] = Array("0123456789 :,-GMTabcdeJ".utf8).randomElement(using: &random)!
            let changed = String(decoding: text, as: UTF8.self)
            guard let date = preferredHTTPDate(changed) else { continue }
            count += 1
            #expect(date == anyHTTPDate(changed), "\(changed)")
        }
        #expect(count > 100)
    }

    @Test(
        "Retry-After in every spelling",
        arguments: [
            ("7", 7), ("0", 0), ("-3", nil), ("soon", nil), ("", nil), ("1.5", nil), ("100000000000000000000", 3_200_000_000),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ] as [(String, Int?)])
    func retryAfter(text: String, seconds: Int?) {
        var head = ResponseHead()
        head.bytes = Array("HTTP/1.1 503 X\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: \(text)\r\n\r\n".utf8)
        #expect(head.retryAfter(now: 0) == seconds.map { .seconds($0) })
        head.bytes = Array("HTTP/1.1 503 X\r\nRetry-After: \(text)\r\n\r\n".utf8)
        let local = text.hasSuffix("47 GMT") ? 7 : seconds
        #expect(head.retryAfter(now: 784_111_780) == local.map { .seconds($0) })
    }
}

@Suite("Address plan") struct AddressPlanTests {
    private func plan(_ texts: [String], broken: Bool? = nil) -> AddressPlan {
        AddressPlan(texts.map { IPAddress($0)! }, brokenFamilyIsIPv6: broken)
    }

    private func order(_ plan: AddressPlan, refused: Bool = false) -> [String] {
        var plan = plan
        var order: [String] = []
        repeat { order.append(plan.current.address!.text + (plan.current.isTrial ? "?" : "")) } while plan.advance(afterRefusal: refused)
        return order
    }

    @Test("One family: one after the other") func oneFamily() {
        #expect(order(plan(["1.1.1.1", "2.2.2.2"])) == ["1.1.1.1", "2.2.2.2"])
    }

    @Test("Two families: a short trial, the other one, then the rest") func twoFamilies() {
        let both = plan(["::1", "::2", "1.1.1.1"])
        #expect(order(both) == ["::1?", "1.1.1.1", "::1", "::2"])
        #expect(order(both, refused: true) == ["::1?", "1.1.1.1", "::2"])
    }

    @Test("A family that has failed lately comes last") func brokenFamily() {
        #expect(order(plan(["::1", "1.1.1.1"], broken: true)) == ["1.1.1.1", "::1"])
        #expect(order(plan(["::1", "1.1.1.1"], broken: false)) == ["::1?", "1.1.1.1", "::1"])
    }

    @Test("Never more than eight addresses") func many() {
        #expect(order(plan((1...40).map { "127.0.0.\($0)" })).count == 8)
    }

    @Test("Attempts share what time is left; the last one gets all of it") func times() {
        var both = plan(["1.1.1.1", "2.2.2.2"])
        #expect(both.timeLimit(of: .seconds(8)) == .seconds(4))
        _ = both.advance(afterRefusal: false)
        #expect(both.timeLimit(of: .seconds(8)) == .seconds(8))
    }

    @Test("Addresses are numeric, in or out of brackets", arguments: ["127.0.0.1", "::1", "[::1]", "fe80::1%lo"]) func numeric(text: String)
    {
        #expect(IPAddress(text) != nil)
    }

    @Test("Names and scraps are no addresses", arguments: ["localhost", "1.2.3", "", "[]", "::1]", "1.2.3.4.5"]) func names(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
