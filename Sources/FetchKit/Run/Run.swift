// The state of one run: its requests, workers and outcomes. It belongs to the dispatcher, and nothing of it is seen from elsewhere.

internal import DequeModule

/// One run of a fetcher, from the first candidate to the last outcome.
final class Run {
    /// A worker carries one hop after the other, on the event loop that it was started on.
    struct Worker {
        /// The loop's position in the fetcher.
        let loop: Int
        /// The request that it carries, or was handed.
        var request: PendingRequest?
        /// Waits for a request.
        var parked: UnsafeContinuation<Void, Never>?
        /// Its body waits for room.
        var isStarved = false
    }

    /// Something for the receiver.
    struct Delivery {
        enum Item {
            case outcome(Outcome)
            case begin(Outcome)
            case part(Body, of: Int)
            case end(Outcome)
        }

        var item: Item
        /// Waits until the receiver has taken it.
        var taken: UnsafeContinuation<Void, Never>?
    }

    /// The number in the schedule; used again after the run.
    let number: Int
    /// Names it among all runs of the fetcher, ever.
    let id: Int
    /// Nil for a run of one request, whose outcome stays here.
    let receiver: (any OutcomeReceiver)?
    /// Whether it reads a source and has a receiver.
    let isBatch: Bool
    var outcome: Outcome?
    let takesSuccesses: Bool
    let choosesRequests: Bool

    var workers: [Worker] = []
    /// Those that wait for a request, by loop; the last one parked is the first one used, because its memory is warm.
    private var parked: [[Int]]
    /// Looks for a request at the moment.
    var asking: Int?
    /// Workers that were handed a request and have no task yet.
    var toStart: Deque<Int> = []
    /// The body of the task group, while it waits; and whether something has changed since it looked last.
    private var body: UnsafeContinuation<Void, Never>?
    private var hasChanged = false
    var processorTime = Duration.zero
    /// The task that reads the source, while there is no room for more.
    var reader: UnsafeContinuation<Void, Never>?

    /// Transfers that run.
    var active = 0
    var order: OrderWindow
    let firstInLine = FirstInLine()
    var streams: StreamingOrder
    var report = RunReport()
    var nextIndex = 0
    var isReading = false
    var hasInputEnded = false
    /// Bytes of all requests that wait: URLs may be long.
    var waitingBytes = 0
    /// Fingerprints of the requests so far, when equal ones are fetched once.
    var seen: Set<Int> = []
    let deadline: Instant?
    var watch: RunWatch

    /// Whether the receiver has room, as it said last.
    var hasRoom = true
    var deliveries: Deque<Delivery> = []
    /// Somebody hands deliveries to the receiver.
    var isDelivering = false
    /// The end before the end: nothing new starts.
    private(set) var isStopping = false
    /// What source or receiver have thrown.
    private(set) var failure: (any Error)?

    init(
        number: Int, id: Int, receiver: (any OutcomeReceiver)?, _ configuration: Configuration, loops: Int, monitor: RunMonitor?,
        now: Instant
    ) {
        self.number = number
        self.id = id
        self.receiver = receiver
        isBatch = receiver != nil
        takesSuccesses = receiver?.takesSuccesses ?? true
        choosesRequests = receiver?.choosesRequests ?? false
        parked = Array(repeating: [], count: loops)
        order = OrderWindow(budget: configuration.limits.orderWindow)
        streams = StreamingOrder(receiver?.streamsBodies ?? false ? configuration.bodies.streaming : .off)
        deadline = !isBatch ? nil : configuration.limits.deadline.map { now + $0 }
        watch = RunWatch(monitor)
    }

    // MARK: Workers

    /// Hands a request to a worker of that loop: to the one that asks, to one that waits, or to a new one.
    func hand(_ request: PendingRequest, on loop: Int) {
        active += 1
        if !isBatch {
            // The task that calls is the only worker, whatever it is doing.
            workers[0].request = request
            asking = nil
            releaseAll()
        } else if let worker = asking, workers[worker].loop == loop {
            workers[worker].request = request
            asking = nil
        } else if let worker = parked[loop].popLast() {
            workers[worker].request = request
            workers[worker].parked?.resume()
            workers[worker].parked = nil
        } else {
            workers.append(Worker(loop: loop, request: request))
            toStart.append(workers.count - 1)
            wakeBody()
        }
    }

    func park(_ worker: Int, _ continuation: UnsafeContinuation<Void, Never>) {
        workers[worker].parked = continuation
        parked[workers[worker].loop].append(worker)
    }

    /// Nothing more comes: who waits for a request, or to read more, goes on to its end.
    func releaseAll() {
        for loop in parked.indices {
            for worker in parked[loop] {
                workers[worker].parked?.resume()
                workers[worker].parked = nil
            }
            parked[loop] = []
        }
        wakeReader()
        wakeBody()
    }

    /// The body of the task group waits until something has changed.
    func awaitChange(_ continuation: UnsafeContinuation<Void, Never>) {
        body = continuation
        if hasChanged { wakeBody() }
    }

    func wakeBody() {
        hasChanged = body == nil
        body?.resume()
        body = nil
    }

    func wakeReader() {
        reader?.resume()
        reader = nil
    }

    // MARK: The end before the end

    /// Nothing new starts: the workers, the reader and the body of the run see it when they wake up, and all of them are woken.
    func stop(_ error: (any Error)? = nil) {
        failure = failure ?? error
        isStopping = true
        releaseAll()
    }
}
