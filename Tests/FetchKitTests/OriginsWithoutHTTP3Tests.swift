import Testing

@testable import FetchKit

@Suite("Origins without HTTP/3") struct OriginsWithoutHTTP3Tests {
    @Test("Are remembered for a while, each by itself") func lifetime() throws {
        let origins = OriginsWithoutHTTP3()
        let (one, other) = (try HTTPURL("https://one.test/").origin, try HTTPURL("https://one.test:444/").origin)
        let start = Instant(nanoseconds: 0)
        #expect(!origins.contains(one, at: start))
        origins.insert(one, at: start)
        #expect(origins.contains(one, at: start) && !origins.contains(other, at: start))
        #expect(origins.contains(one, at: start + OriginsWithoutHTTP3.lifetime - .nanoseconds(1)))
        #expect(!origins.contains(one, at: start + OriginsWithoutHTTP3.lifetime) && !origins.contains(one, at: start))
    }

    @Test("Are few enough to be kept") func bound() throws {
        let origins = OriginsWithoutHTTP3()
        let start = Instant(nanoseconds: 0)
        for number in 0...10_000 { origins.insert(try HTTPURL("https://h\(number).test/").origin, at: start) }
        #expect(!origins.contains(try HTTPURL("https://h0.test/").origin, at: start))
        #expect(origins.contains(try HTTPURL("https://h10000.test/").origin, at: start))
    }
}
