// The template of -w, read once (https://curl.se/docs/manpage.html#-w). What is no variable is text, also what only looks like one:
// curl has no errors here.

package import FetchKit

/// A template with curl's variables.
package struct WriteOut: Sendable {
    package enum Segment: Sendable {
        case text([UInt8])
        case variable(Fact)
        case json
        case headerJSON
        /// The first value of that name in the last response.
        case header(String)
        /// All values of that name in all responses.
        case headers(String, separator: [UInt8])
        /// The time of day, for strftime(3).
        case time([UInt8])
        case target(Target)
        /// What follows is for failures only.
        case onError
    }

    package enum Target: Sendable {
        case standardOutput
        case standardError
        case file(Int)
    }

    package struct File: Sendable {
        package let name: String
        package let isAppended: Bool
    }

    package private(set) var segments: [Segment] = []
    package private(set) var files: [File] = []
    package private(set) var unknownNames: [String] = []

    package init(_ template: [UInt8]) {
        var reader = WriteOutReader(template)
        while let token = reader.next() { add(token) }
    }

    /// What must be kept of each hop.
    package var recording: Recording {
        segments.reduce(into: .connection) { recording, segment in
            switch segment {
            case .json: recording.formUnion([.requests, .certificates])
            case .variable(let variable): recording.formUnion(variable.needs)
            default: break
            }
        }
    }

    private mutating func add(_ token: WriteOutReader.Token) {
        switch token {
        case .text(let text):
            if case .text(let before) = segments.last {
                segments[segments.count - 1] = .text(before + text)
            } else {
                segments.append(.text(text))
            }
        case .variable(let name): addVariable(name)
        case .header(let name, let separator):
            let name = name.lowercased()
            segments.append(separator.map { .headers(name, separator: $0) } ?? .header(name))
        case .time(let format): segments.append(.time(format))
        case .output(let name, let isAppended):
            let known = files.firstIndex { $0.name == name }
            if known == nil { files.append(File(name: name, isAppended: isAppended)) }
            segments.append(.target(.file(known ?? files.count - 1)))
        }
    }

    private mutating func addVariable(_ name: String) {
        // Until 8.13 curl took names in any case.
        switch name.lowercased() {
        case "json": segments.append(.json)
        case "header_json": segments.append(.headerJSON)
        case "onerror": segments.append(.onError)
        case "stdout": segments.append(.target(.standardOutput))
        case "stderr": segments.append(.target(.standardError))
        case let name:
            if let variable = Fact.variablesByName[name] {
                segments.append(.variable(variable))
            } else {
                unknownNames.append(name)
            }
        }
    }
}
