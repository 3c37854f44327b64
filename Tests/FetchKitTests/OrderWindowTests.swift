import Testing

@testable import FetchKit

@Suite("Order window") struct OrderWindowTests {
    @Test("The next one is the lowest that has not finished", arguments: 0..<50) func next(seed: Int) {
        var random = Jitter(seed: UInt64(seed))
        var window = OrderWindow(budget: 1000)
        var finished: Set<Int> = []
        for index in (0..<100).shuffled(using: &random) {
            window.finish(index)
            finished.insert(index)
            #expect(window.next == (0...100).first { !finished.contains($0) })
        }
    }

    @Test("Admits only what the budget allows") func budget() {
        var window = OrderWindow(budget: 3)
        #expect(window.admits(2) && !window.admits(3))
        window.finish(1)
        #expect(!window.admits(3))
        window.finish(0)
        #expect(window.admits(4) && !window.admits(5))
    }
}
