// --format none: nothing on standard output, for those who want timings, errors and the exit status.

import FetchKit

extension Format {
    package static let none = Format("none", "nothing", options: [.writeOut]) { _ in NoneFormat() }
}

/// Nothing.
package struct NoneFormat: OutcomeFormat {
    package let needs = FormatNeeds(writes: false)

    package init() {}

    package func encode(_ record: Record, into outlets: Outlets) throws -> Remark? { nil }
}
