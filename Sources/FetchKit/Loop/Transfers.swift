// The way from a task to the engine of its loop: an actor on the loop, so that the compiler checks that nothing else gets there.

/// The transfers of one event loop.
actor Transfers {
    nonisolated let loop: EventLoop
    private let engine: any Engine

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(on loop: EventLoop) {
        self.loop = loop
        engine = loop.engine
    }

    /// Starts a hop and returns its first event. Whoever cancels a hop cancels the task first: what is started after that is cancelled
    /// here.
    func start(_ request: HopRequest) async -> TransferEvent {
        await withUnsafeContinuation { continuation in
            engine.start(request, continuation)
            if Task.isCancelled { engine.cancel(request.serial) }
        }
    }

    func nextEvent(of serial: Int) async -> TransferEvent {
        await withUnsafeContinuation { engine.nextEvent(of: serial, $0) }
    }

    func nextPart(of serial: Int) async -> TransferEvent {
        await withUnsafeContinuation { engine.nextPart(of: serial, $0) }
    }

    func hop(of serial: Int) -> Hop { engine.hop(of: serial) }

    func takePart(of serial: Int) -> Body { engine.takePart(of: serial) }

    func takeResult(of serial: Int) -> HopResult { engine.takeResult(of: serial) }
}
