// Which wake-ups are set. A task that sleeps is a wake-up that cannot be moved: the next one is needed only if it is earlier than all.

/// The moments at which a run is going to be woken.
struct Alarms {
    private var moments: Set<Instant> = []

    /// The earliest one.
    var next: Instant? { moments.min() }

    /// Whether a wake-up at that moment must be set, because there is none as early. It counts as set then.
    mutating func needs(_ moment: Instant) -> Bool {
        if let next, next <= moment { return false }
        moments.insert(moment)
        return true
    }

    /// The wake-up of that moment has come.
    mutating func rang(_ moment: Instant) { moments.remove(moment) }
}
