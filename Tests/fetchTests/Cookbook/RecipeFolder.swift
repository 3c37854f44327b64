import Foundation
import Support
import Testing

/// The folder that a recipe is run in, inside a network where example.com is the test site.
final class RecipeFolder: Sendable {
    /// The folder that the recipe sees.
    let path: String
    /// Where `fetch` is found first.
    let programs: String
    private let script: String
    private let scratch = Scratch()
    private let site: Namespace

    init(_ script: String) throws {
        self.script = script
        (path, programs) = ("\(scratch.path)/work", "\(scratch.path)/programs")
        site = try Namespace.site.get()
        for folder in ["work", "programs"] { try scratch.makeDirectory(folder) }
        scratch.link("programs/fetch", to: Command.fetchPath)
    }

    // MARK: Running

    /// Runs the recipe as it stands on the page. `prelude` is run before it, in the same shell: variables, and functions in place of
    /// programs that wait or change the machine.
    func run(prelude: String = "") async throws -> Completed { try await command(prelude: prelude).run() }

    /// Runs it and expects that its status is 0.
    @discardableResult
    func succeed(prelude: String = "", at location: SourceLocation = #_sourceLocation) async throws -> Completed {
        let run = try await run(prelude: prelude)
        #expect(run.status == 0, "\(run.errorText)", sourceLocation: location)
        return run
    }

    /// In a terminal, where that is asked for, as script(1) makes it.
    func command(prelude: String = "", inTerminal: Bool = false) -> Command {
        scratch.plant("\(prelude)\n\(script)", at: "recipe")
        let arguments = ["-euo", "pipefail", "\(scratch.path)/recipe"]
        return inTerminal
            ? inside("script", ["-qec", "bash \(arguments.joined(separator: " "))", "/dev/null"]) : inside("bash", arguments)
    }

    /// A program in that folder and in that network.
    func inside(_ program: String, _ arguments: [String]) -> Command {
        var command = Command("env", ["-C", path, program] + arguments)
        let python = URL(fileURLWithPath: Paths.python).deletingLastPathComponent().path
        command.environment = [
            "PATH": "\(programs):\(python):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")", "HOME": scratch.path,
            "CURL_CA_BUNDLE": (try? Certificates.shared.get().authority) ?? "", "TERM": "xterm",
        ]
        return site.inside(command)
    }

    // MARK: Files

    func write(_ text: String, to name: String) throws {
        if let slash = name.lastIndex(of: "/") { try scratch.makeDirectory("work/\(name[..<slash])") }
        scratch.plant(text, at: "work/\(name)")
    }

    /// A list of URLs; of paths it makes those of https://example.com.
    func list(_ lines: [String], to name: String = "urls.txt") throws {
        try write(lines.map { ($0.hasPrefix("/") ? "https://example.com" + $0 : $0) + "\n" }.joined(), to: name)
    }

    func text(_ name: String) -> String? { scratch.text("work/\(name)") }

    func lines(_ name: String) throws -> [String] {
        try #require(text(name), "\(name)").split(whereSeparator: \.isNewline).map(String.init)
    }

    func records(_ name: String) throws -> [[String: Any]] { try lines(name).map { try object(Data($0.utf8)) } }

    private func object(_ json: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    /// The files below a folder, without the folders.
    func files(in folder: String) -> [String] {
        scratch.names(in: "work/\(folder)").filter {
            scratch.attributes("work/\(folder)/\($0)")?[.type] as? FileAttributeType == .typeRegular
        }
    }

    func attributes(_ name: String) -> [FileAttributeKey: Any] { scratch.attributes("work/\(name)") ?? [:] }

    /// Waits until the file has so many bytes; false when that does not happen in time.
    func wait(for name: String, bytes: Int) async -> Bool { await scratch.wait(for: "work/\(name)", bytes: bytes) }

    // MARK: The site

    /// A request as the site saw it.
    struct Request: Decodable {
        let method: String
        let path: String
        let status: Int
        let headers: [String: String]
    }

    /// The requests of paths that begin so, in order of arrival.
    func requests(_ prefix: String) async throws -> [Request] {
        try JSONDecoder().decode([Request].self, from: try await inside("curl", ["-sS", "http://example.com/log\(prefix)"]).run().output)
    }
}

extension Scratch {
    fileprivate func attributes(_ name: String) -> [FileAttributeKey: Any]? {
        try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    }
}
