// --format none: nothing on standard output, for those who want timings, errors and the exit status.

import FetchKit

/// Nothing.
struct NoneFormat: OutcomeFormat {
    func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? { nil }
}
