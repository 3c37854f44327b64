// Standard error, where lines and the progress line meet: whoever writes takes the line away first and puts it back below. Any
// thread may ask how it goes, also while the output hangs.

import FetchFormats
import FetchKit
import Glibc
import Synchronization

/// Writes lines to standard error, and tells how the run goes. A closed or full standard error never stops a run.
final class Progress: Sendable {
    enum Style: Sendable {
        case off
        /// One line on a terminal, drawn anew.
        case line
        /// For what cannot take a line back: another one now and then.
        case lines
    }

    private struct State {
        var text: [UInt8] = []
        var isDrawn = false
        /// Something else on the same terminal has begun a line.
        var isBlocked = false
        var lastDraw: Duration = .zero
        var meter = RateMeter()
    }

    private let style: Style
    private let monitor: RunMonitor
    private let limits: RunFacts.Limits
    private let start = ContinuousClock.now
    private let done = Atomic(0)
    private let failed = Atomic(0)
    private let isAsked = Atomic(false)
    private let state = Mutex(State())

    /// A short run needs no line; after that it is drawn ten times a second.
    private static let firstDraw = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(100)
    private static let intervalOfLines = Duration.seconds(10)

    init(_ style: Style, _ monitor: RunMonitor, _ limits: RunFacts.Limits) {
        self.style = style
        self.limits = limits
        self.monitor = monitor
    }

    /// How often `tick` has something to do, in milliseconds; nil is never.
    var tickMilliseconds: CInt? { style == .off ? nil : 100 }

    func record(isOK: Bool) {
        done.add(1, ordering: .relaxed)
        if !isOK { failed.add(1, ordering: .relaxed) }
    }

    // MARK: Lines

    /// Keeps a line until `flush`.
    func write(_ line: String) {
        exclusively { $0.text += Array((printable(line) + "\n").utf8) }
    }

    func write(_ bytes: [UInt8]) {
        exclusively { $0.text += bytes }
    }

    func flush() {
        exclusively { state in
            guard !state.text.isEmpty else { return }
            let wasDrawn = state.isDrawn
            send(Self.erasure(&state) + state.text, &state)
            state.text = []
            if wasDrawn { draw(&state) }
        }
    }

    // MARK: The progress line

    /// Draws the line anew if it is time.
    func tick() {
        guard style != .off else { return }
        let now = start.duration(to: .now)
        exclusively { state in
            let isFirst = state.lastDraw == .zero
            let interval = style == .lines ? Self.intervalOfLines : Self.interval
            guard now >= (isFirst && style == .line ? Self.firstDraw : state.lastDraw + interval), !state.isBlocked else { return }
            state.lastDraw = now
            draw(&state)
        }
    }

    /// Takes the line away, because somebody else is going to write to the same terminal.
    func erase() {
        exclusively { state in
            let erasure = Self.erasure(&state)
            if !erasure.isEmpty { send(erasure, &state) }
        }
    }

    /// What else was written to the same terminal ends in the middle of a line, or not.
    func block(_ isBlocked: Bool) {
        exclusively { $0.isBlocked = isBlocked }
    }

    /// Says once how it goes, whatever the style; nothing when standard error is stuck, because whoever asks must not wait for it.
    func tell() {
        var room = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&room, 1, 0) == 1, room.revents & Int16(POLLOUT) != 0 else { return }
        isAsked.store(true, ordering: .relaxed)
        answer()
    }

    private func exclusively(_ action: (inout State) -> Void) {
        state.withLock { action(&$0) }
        answer()
    }

    /// Answers a question that nobody has answered yet; while somebody else writes, that one does, afterwards.
    private func answer() {
        // Between the question, or the release of the lock, and the look at the other one of the two: one of both threads sees both.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        guard isAsked.load(ordering: .relaxed) else { return }
        let wasFree: Void? = state.withLockIfAvailable { state in
            guard isAsked.exchange(false, ordering: .relaxed) else { return }
            let wasDrawn = state.isDrawn
            let line = "fetch: " + ProgressLine().text(current(&state), width: Self.width - 7) + "\n"
            send(Self.erasure(&state) + Array(line.utf8), &state)
            if wasDrawn { draw(&state) }
        }
        // Another question may have come while this one was answered.
        if wasFree != nil { answer() }
    }

    private func draw(_ state: inout State) {
        let text = Array(ProgressLine().text(current(&state), width: Self.width).utf8)
        if style == .lines { return send(Array("fetch: ".utf8) + text + [UInt8(ascii: "\n")], &state) }
        guard Self.isInForeground else { return }
        // Overwritten first and the rest erased after that: nothing flickers.
        send([UInt8(ascii: "\r")] + text + Self.eraseRest, &state)
        state.isDrawn = true
    }

    private static var width: Int { isatty(STDERR_FILENO) == 1 ? terminalWidth(STDERR_FILENO) : 1000 }

    /// EL, "erase in line" (ECMA-48 section 8.3.41).
    private static let eraseRest = Array("\u{1B}[K".utf8)

    private static func erasure(_ state: inout State) -> [UInt8] {
        guard state.isDrawn else { return [] }
        state.isDrawn = false
        return isInForeground ? [UInt8(ascii: "\r")] + eraseRest : []
    }

    /// False for a background job: the line of the terminal that the cursor is on is the shell's.
    private static var isInForeground: Bool {
        let group = tcgetpgrp(STDERR_FILENO)
        return group < 0 || group == getpgrp()
    }

    private func current(_ state: inout State) -> ProgressLine.State {
        let run = monitor.state
        let now = start.duration(to: .now)
        let (done, failed) = (run.counted + done.load(ordering: .relaxed), failed.load(ordering: .relaxed))
        state.meter.update(now: now, done: done, bytes: monitor.bytes)
        var line = ProgressLine.State()
        (line.done, line.ok, line.failed) = (done, done - failed, failed)
        line.total = run.isInputRead ? max(run.admitted, done) : nil
        (line.inFlight, line.waiting, line.bytes, line.elapsed) = (run.inFlight, run.waiting, monitor.bytes, now)
        (line.recentRate, line.recentBytesRate) = (state.meter.rate, state.meter.bytesRate)
        // As long as something waits to start, the sizes of those that run say little.
        let expected = monitor.expectedBytes
        if line.total != nil, run.waiting == 0, run.inFlight > 0, expected > monitor.bytes { line.expectedBytes = expected }
        // For a rate, or a place among all transfers, every host waits, and none is the reason.
        let waitsForHost = run.hold == .perHost || run.hold == .backoff
        line.waitingFor = waitsForHost ? run.busiest.map { "\($0.host.authority) (\(grouped($0.waiting)))" } : nil
        line.note = Self.note(run, limits)
        return line
    }

    static func note(_ run: RunMonitor.State, _ limits: RunFacts.Limits) -> String? {
        if run.isNetworkDown { return "network down" }
        if run.hold == .output { return "waiting for the output" }
        if run.hold == .rate, !limits.rateOptions.isEmpty { return "limited by \(limits.rateOptions.joined(separator: ", "))" }
        guard run.hold == .backoff, let pause = run.pausedFor else { return nil }
        let seconds = max(1, Int(pause.microseconds + 999_999) / 1_000_000)
        let time = seconds < 60 ? "\(seconds) s" : human(.seconds(seconds))
        if let retry = run.retry { return "retrying in \(time) (\(retry.attempt) of \(retry.attempts)): \(retry.reason)" }
        return pause < .seconds(1) ? nil : "next try in \(time)"
    }

    private func send(_ bytes: [UInt8], _ state: inout State) {
        let writer = DescriptorWriter(STDERR_FILENO, name: "standard error")
        try? writer.write(bytes)
        try? writer.flush()
    }
}

/// Columns of a terminal, asked each time, because windows are resized.
func terminalWidth(_ descriptor: CInt) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.flatMap { $0 > 0 ? $0 : nil } ?? 80
}

/// Whether a terminal can erase a line that is written.
func canRedraw(_ descriptor: CInt) -> Bool {
    guard isatty(descriptor) == 1 else { return false }
    let kind = getenv("TERM").map { String(cString: $0) } ?? ""
    return !kind.isEmpty && kind != "dumb"
}
