// The thread of the run's tasks. Swift's own pool is libdispatch's, which once a second reads the state of its threads from /proc
// and ends the process where that is not mounted (libdispatch, src/event/workqueue.c).

import FetchKit
import Glibc

/// Runs jobs in the order of their arrival, on one thread that lives as long as the process.
final class RunExecutor: TaskExecutor, @unchecked Sendable {
    // Unchecked: `jobs` and `isAsleep` are touched under the lock only.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var isAsleep = false

    private init() {
        pthread_mutex_init(lock, nil)
        pthread_cond_init(condition, nil)
    }

    /// An executor whose thread runs. Throws when the system has no thread to give.
    static func start() throws(ThreadUnavailable) -> RunExecutor {
        let executor = RunExecutor()
        _ = try Thread(name: "fetch-run") { executor.run() }
        return executor
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(lock)
        jobs.append(job)
        let mustWake = isAsleep
        isAsleep = false
        pthread_mutex_unlock(lock)
        if mustWake { pthread_cond_signal(condition) }
    }

    private func run() -> Never {
        var taken: [UnownedJob] = []
        while true {
            pthread_mutex_lock(lock)
            while jobs.isEmpty {
                isAsleep = true
                pthread_cond_wait(condition, lock)
            }
            swap(&taken, &jobs)
            pthread_mutex_unlock(lock)
            for job in taken { job.runSynchronously(on: asUnownedTaskExecutor()) }
            taken.removeAll(keepingCapacity: true)
        }
    }
}
