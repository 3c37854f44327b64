// What options write into, one after another. What an option means only together with others is settled at the end, in the
// extensions of Draft.

import FetchFormats
import FetchKit

/// Settings in the making, and what was said of those that depend on others.
struct Draft {
    let surroundings: Surroundings
    /// Standard input is a list of URLs, and can be nothing else.
    let readsStandardInput: Bool

    var settings = Settings()
    /// Files that are read, by the option that names them; `-` is standard input.
    private(set) var filesRead: [(option: String, file: String)] = []

    var isDryRun = false

    // Concurrency.
    var concurrency: Int?
    var perHost: Int?

    // Requests.
    var method: String?
    var isHead = false
    var isGet = false
    var referer: String?
    var range: String?
    var content: [FormData.Piece] = []
    var isJSON = false
    var parts: [MultipartForm.Part] = []
    var query: [FormData.Piece] = []
    var uploads: [String] = []
    var user: Argument?
    var isDigest = false
    var bearer: String?
    var cookies: [String] = []
    var cookieFiles: [String] = []
    var certificate: ClientCertificate?
    var keyPassword: String?

    // Output.
    var isOrdered: Bool?
    var outputs: [String] = []
    var format = Format.body
    var formatSettings = {
        let pool = RandomPool()
        return FormatSettings(clock: { WallClock.now }, random: { pool.next() })
    }()
    /// Options that not every format has, as they were typed.
    var formatOptions: [(option: Format.Option, typed: String)] = []
    var wantsHashes = false
    var includesHeads = false
    var files = FileSettings()
    var savesBodies = false
    var isRemoteName = false
    var nameTemplate: String?
    /// Options that need a file for each body.
    var needingFiles: [String] = []
    var isContinued = false

    // Messages.
    var progress: Bool?
    var failures: Reporter.Failures?
    var isQuiet = false
    var isSilent = false
    var showsErrors = false

    mutating func apply(_ occurrence: Occurrence) throws {
        do {
            switch occurrence.option.action {
            case .set(let set): try set(&self, Argument(option: occurrence.typed, text: occurrence.value))
            case .turn(let turn): try turn(&self, occurrence.isOn)
            case .settled(let opposite):
                if !occurrence.isOn { throw UsageError("\(occurrence.typed): \(opposite)") }
            case .information: break
            }
        } catch let error as UsageError {
            guard let place = occurrence.place else { throw error }
            throw UsageError("\(place): \(error)")
        }
    }

    /// The bytes of a file that an option names; `-` is standard input.
    mutating func contents(of file: String, _ limit: FileLimit, for option: String) throws -> [UInt8] {
        if file == "-" && readsStandardInput {
            throw UsageError("\(option): standard input is the list of URLs and cannot be read for something else as well")
        }
        read(file, by: option)
        return try surroundings.contents(file, limit)
    }

    /// Notes that an option reads a file.
    mutating func read(_ file: String, by option: String) { filesRead.append((option, file)) }
}

extension Draft {
    var configuration: Configuration {
        get { settings.configuration }
        _modify { yield &settings.configuration }
    }

    var template: RequestTemplate {
        get { settings.template }
        _modify { yield &settings.template }
    }

    var output: OutputSettings {
        get { settings.output }
        _modify { yield &settings.output }
    }

    var report: Reporter.Style {
        get { settings.report }
        _modify { yield &settings.report }
    }
}
