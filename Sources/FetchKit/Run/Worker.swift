// What a worker does: one hop after the other, on the loop where the transfers of its hosts live.

extension Transfers {
    /// Carries out hops until there are no more for it.
    func work(_ worker: Int, of run: Int, for dispatcher: Dispatcher) async {
        var finished: HopResult?
        while let hop = await dispatcher.advance(worker, of: run, with: finished.take()) {
            finished = await perform(hop, worker: worker, of: run, for: dispatcher)
        }
    }

    /// Carries out one hop. Parts of a body that streams pass through here.
    func perform(_ hop: HopRequest, worker: Int, of run: Int, for dispatcher: Dispatcher) async -> HopResult {
        let serial = hop.serial
        var event = await start(hop)
        while true {
            switch event {
            case .finished: return takeResult(of: serial)
            case .outgrew: event = await dispatcher.requestTurn(worker, of: run) ? .granted : await nextEvent(of: serial)
            case .granted:
                await dispatcher.begin(self.hop(of: serial), worker, of: run)
                event = await nextPart(of: serial)
            case .part:
                await dispatcher.part(takePart(of: serial), worker, of: run)
                event = await nextPart(of: serial)
            case .starved:
                await dispatcher.starve(worker, of: run)
                event = await nextEvent(of: serial)
            }
        }
    }
}
