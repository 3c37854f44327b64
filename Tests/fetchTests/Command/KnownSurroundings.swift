import FetchKit

@testable import FetchFormats
@testable import fetch

extension Surroundings {
    /// What a test says there is, and nothing else: no variable, file or terminal of the machine.
    init(_ variables: [String: String] = [:], files: [String: String] = [:], terminals: Set<CInt> = [], libcurl: Set<String> = ["HTTP2"]) {
        self.init()
        variable = { variables[$0] }
        contents = { name, _ in
            guard let text = files[name] else { throw UnreadableFile("cannot read \(name): No such file or directory") }
            return Array(text.utf8)
        }
        body = { name in
            guard let text = files[name] else { throw UnreadableFile("cannot read \(name): No such file or directory") }
            return .bytes(Array(text.utf8))
        }
        exists = { files[$0] != nil }
        obstacle = { files[$0] == nil ? "No such file or directory" : nil }
        identity = { name in if case .path(let path) = name { path } else { nil } }
        isTerminal = { terminals.contains($0) }
        isTerminalFile = { $0 == "/dev/tty" }
        canRedraw = terminals.contains(2)
        libcurlHas = { libcurl.contains($0) }
    }
}

extension Settings {
    init(_ arguments: [String], in surroundings: Surroundings) throws {
        try self.init(Arguments(arguments, in: surroundings), in: surroundings)
    }

    /// Every setting by its path, such as `limits.concurrency`.
    private var facts: [String: String] { Self.facts(of: self, at: "") }

    /// The settings that are not as in `base`, or those of a file for each body that are not the usual ones.
    func changes(from base: Settings) -> String {
        let usual = base.facts.merging(Self.facts(of: FileSettings(), at: "output.directory")) { $1 }
        return facts.filter { usual[$0.key] != $0.value }.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ").replacing(
            "\n", with: "\\n")
    }

    private static func facts(of value: Any, at path: String) -> [String: String] {
        // What a format asks of the run stands in the configuration.
        if value is any OutcomeFormat { return [path: "\(type(of: value))"] }
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .struct, !mirror.children.isEmpty, !(value is Duration), !(value is RequestBody) else {
            return [path: text(value)]
        }
        return mirror.children.reduce(into: [:]) { facts, child in
            let name = child.label ?? ""
            let below = path.isEmpty ? (name == "configuration" ? "" : name) : "\(path).\(name)"
            facts.merge(self.facts(of: unwrapped(child.value), at: below)) { $1 }
        }
    }

    private static func unwrapped(_ value: Any) -> Any {
        let mirror = Mirror(reflecting: value)
        return mirror.displayStyle == .optional ? mirror.children.first.map { unwrapped($0.value) } ?? "nil" : value
    }

    private static func text(_ value: Any) -> String {
        if let body = value as? RequestBody, let bytes = try? body.contents() { return String(decoding: bytes, as: UTF8.self) }
        if let bytes = value as? [UInt8] { return String(decoding: bytes, as: UTF8.self) }
        let value = unwrapped(value)
        let mirror = Mirror(reflecting: value)
        // What has a name is told by it.
        if let name = mirror.children.first(where: { $0.label == "name" })?.value, !(value is HeaderField) { return "\(name)" }
        switch mirror.displayStyle {
        case .enum where !mirror.children.isEmpty:
            return "\(mirror.children.first!.label ?? "")(\(text(mirror.children.first!.value)))"
        case .collection: return "[" + mirror.children.map { text($0.value) }.joined(separator: ", ") + "]"
        case .set: return "[" + mirror.children.map { text($0.value) }.sorted().joined(separator: ", ") + "]"
        case .struct where !mirror.children.isEmpty && !(value is Duration) && !(value is any CustomStringConvertible):
            return mirror.children.map { text($0.value) }.joined(separator: " ")
        default: return "\(value)"
        }
    }
}
