// --format none: nothing on standard output, for those who want timings, errors and the exit status.

import FetchKit

/// Nothing.
package struct NoneFormat: OutcomeFormat {
    package init() {}

    package func encode(_ record: Record, into sink: any ByteSink) throws -> Remark? { nil }
}
