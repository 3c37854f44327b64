// What is known of an outcome, fact by fact, under the names that all formats share: curl's names and units wherever curl has the
// fact (https://curl.se/docs/manpage.html#-w). A new fact is a line in RecordFacts.swift.

package import FetchKit

/// A fact's name, what it is, and where it stands.
package final class Fact: Sendable {
    /// What `-w` has under the name.
    enum Variable: Sendable {
        /// The value; `absent` where that is missing. A shorter number gets leading zeros.
        case same(absent: FactValue = .missing, digits: Int = 1)
        /// Another value, because curl's differs.
        case own(@Sendable (Record) -> FactValue)
        case none
    }

    let name: StaticString
    /// Whether it is among the usual columns.
    let inCSV: Bool
    let writeOut: Variable
    /// What must be kept of each hop besides its connection.
    let needs: Recording
    let value: @Sendable (Record) -> FactValue

    package convenience init(_ name: StaticString, _ value: @escaping @Sendable (Record) -> FactValue) {
        self.init(name, writeOut: .none, value)
    }

    init(
        _ name: StaticString, inCSV: Bool = true, writeOut: Variable, needs: Recording = [],
        _ value: @escaping @Sendable (Record) -> FactValue
    ) {
        self.name = name
        self.inCSV = inCSV
        self.writeOut = writeOut
        self.needs = needs
        self.value = value
    }

    /// As `-w` has it.
    func variable(_ record: Record) -> FactValue {
        switch writeOut {
        case .own(let value): return value(record)
        case .none: return .missing
        case .same(let absent, _):
            let value = value(record)
            if case .missing = value { return absent }
            return value
        }
    }

    /// The least number of digits that `-w` writes.
    var digits: Int { if case .same(_, let digits) = writeOut { digits } else { 1 } }

    /// The variables of `-w` in the order of curl's `%{json}`, which is that of the names.
    static let variables = (all + afterBody + writeOutOnly).filter { if case .none = $0.writeOut { false } else { true } }
        .sorted { "\($0.name)" < "\($1.name)" }

    static let variablesByName = Dictionary(uniqueKeysWithValues: variables.map { ("\($0.name)", $0) })
}

/// One value, in no format yet.
package enum FactValue: Sendable {
    case missing
    case integer(Int)
    /// In microseconds.
    case seconds(Int64)
    /// In microseconds since 1970.
    case time(Int64)
    case flag(Bool)
    case text(String)
    /// Bytes of a header: UTF-8 when they are valid UTF-8, else each byte a character, as HTTP once had it (ISO-8859-1).
    case field(ArraySlice<UInt8>)
    case headers(ResponseHead)
    case redirects(ArraySlice<Hop>)

    package static func integer(_ value: (some BinaryInteger)?) -> Self { value.map { .integer(Int(truncatingIfNeeded: $0)) } ?? .missing }
    package static func seconds(_ value: Int64?) -> Self { value.map { .seconds($0) } ?? .missing }
    package static func flag(_ value: Bool?) -> Self { value.map { .flag($0) } ?? .missing }
    package static func text(_ value: String?) -> Self { value.map { .text($0) } ?? .missing }
    package static func field(_ value: ArraySlice<UInt8>?) -> Self { value.map { .field($0) } ?? .missing }
}
