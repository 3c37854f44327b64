// --format none: nothing on standard output, for those who want timings, errors and the exit status.

import FetchKit

extension Format {
    package static let none = Format("none", "nothing", options: [.writeOut]) { _ in NoneFormat() }
}

/// Nothing.
package struct NoneFormat: OutcomeFormat {
    package let needs: FormatNeeds

    package init() {
        var needs = FormatNeeds()
        needs.writes = false
        self.needs = needs
    }

    package func encode(_ record: Record, into outlets: Outlets) throws -> Remark? { nil }
}
