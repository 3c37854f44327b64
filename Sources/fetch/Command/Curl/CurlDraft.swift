// One set of curl's options. Those that a line can say are applied to a Draft as if they were ours, because they mean the same.

import FetchFormats
import FetchKit

/// Options of curl that hold for the same URLs.
struct CurlDraft {
    private let arguments: [CurlArgument]
    private var draft: Draft
    /// What the lines do not say.
    private(set) var omissions: [String] = []
    /// Whether an option cannot be done without which it would be another request.
    private var isImpossible = false

    /// Options about one request, which a line can say.
    static let ofLines: Set = [
        "request", "head", "header", "user-agent", "referer", "data", "data-raw", "data-binary", "data-urlencode", "json", "form",
        "form-string", "get", "url-query", "range", "oauth2-bearer", "user", "cookie", "max-time", "compressed",
    ]
    /// Those that stand for one URL of several, and the one that says how URLs are read.
    static let ofURLs: Set = ["url", "output", "upload-file", "globoff"]

    /// Throws `UnreadableFile`.
    init(_ arguments: [CurlArgument], in surroundings: Surroundings) throws {
        self.arguments = arguments
        var own = surroundings
        own.contents = { file, limit in
            if file == "-" { throw UsageError("what curl would read from standard input is not in the command; write it to a file") }
            return try surroundings.contents(file, limit)
        }
        draft = Draft(surroundings: own, readsStandardInput: false)
        for argument in arguments where !Self.ofURLs.contains(argument.name) { try apply(argument) }
        noteOutputs()
    }

    private func has(_ name: String) -> Bool { arguments.contains { $0.name == name } }

    private mutating func apply(_ argument: CurlArgument) throws {
        guard let (option, isOn) = OptionTable.option(name: argument.name) else {
            return omit(argument, "left out; \(Suggestion.advice(for: "--\(argument.name)") ?? "there is no such option")")
        }
        let occurrence = Occurrence(option, argument.typed, isOn: isOn, value: argument.value ?? "")
        guard Self.ofLines.contains(option.name) else { return omit(argument, occurrence) }
        switch option.name {
        case "cookie" where !occurrence.value.contains("="): return omit(argument, occurrence)
        case "user" where hasOtherScheme:
            return omit(
                argument,
                "left out, because a line would send the password as it is (Basic); pass -u to fetch, with --digest if that is meant")
        case "header":
            // curl sends the others all the same.
            do { try draft.apply(occurrence) } catch let error as UsageError { omit(argument, "left out; \(error)") }
            return
        case "head" where isOn: omit(argument, "the line asks for the head only; pass -I to fetch to see it")
        default: break
        }
        try attempt { try $0.apply(occurrence) }
    }

    /// Whether the password is to be proved, or tried, in another way than Basic.
    private var hasOtherScheme: Bool {
        ["anyauth", "digest", "ntlm", "ntlm-wb", "negotiate", "aws-sigv4"].contains(where: has)
    }

    /// Does what makes the request; what is not possible is told.
    private mutating func attempt(_ step: (inout Draft) throws -> Void) throws {
        do { try step(&draft) } catch let error as UsageError {
            isImpossible = true
            omissions.append("there is no line: \(error)")
        }
    }

    private mutating func omit(_ argument: CurlArgument, _ reason: String) { omissions.append("\(argument.typed): \(reason)") }

    /// An option that holds for a whole run of ours, unless it asks for what is so anyway, or for what is not possible.
    private mutating func omit(_ argument: CurlArgument, _ occurrence: Occurrence) {
        var surroundings = Surroundings()
        surroundings.contents = { _, _ in [] }
        surroundings.exists = { _ in false }
        var trial = Draft(surroundings: surroundings, readsStandardInput: false)
        do { try trial.apply(occurrence) } catch let error as UsageError {
            return omit(argument, "left out; \(error)")
        } catch {
            // What is wrong with a file is told by the run that gets the option.
        }
        if case .settled = occurrence.option.action { return }
        omit(argument, "left out, because it holds for a whole run; pass \(occurrence.spelling) to fetch")
    }
}

extension CurlDraft {
    /// What is to be fetched. Throws for a pattern that curl would refuse, and for a file that cannot be read.
    mutating func transfers() throws -> [CurlTransfer] {
        let urls = arguments.filter { $0.name == "url" }.compactMap(\.value)
        guard !urls.isEmpty else { throw UsageError("the command asks for no URL") }
        settleHeaders()
        let isGlobbing = !has("globoff")
        let uploads = arguments.filter { $0.name == "upload-file" }.compactMap(\.value)
        for (count, option) in [(uploads.count, "-T"), (outputs.count, "-o")] where count > urls.count {
            omissions.append("\(option): left out but for the first \(urls.count), because there are no more URLs")
        }
        var transfers: [CurlTransfer] = []
        for (index, url) in urls.enumerated() {
            if isGlobbing, Glob.isPattern(url) { try Self.check(url) }
            let files = index < uploads.count ? try Self.files(uploads[index], isGlobbing) : [nil]
            for file in files {
                guard let template = try template(sending: file) else { return [] }
                transfers.append(
                    CurlTransfer(
                        template: template, url: url, isGlobbing: isGlobbing,
                        output: index < outputs.count ? Self.nameBelowFolder(outputs[index]) : nil,
                        timeLimit: has("max-time") ? draft.configuration.timeouts.total : nil))
            }
        }
        return transfers
    }

    private static func check(_ pattern: String) throws(UsageError) {
        do { _ = try Glob(pattern) } catch { throw UsageError("\(pattern.shown): \(error)") }
    }

    private static func files(_ name: String, _ isGlobbing: Bool) throws(UsageError) -> [String?] {
        guard isGlobbing, Glob.isPattern(name) else { return [name] }
        try check(name)
        return (try? Glob(name)).map(Array.init) ?? []
    }

    private mutating func settleHeaders() {
        let isGiven = { [headers = draft.template.headers] (name: String) in headers.contains { $0.name.lowercased() == name } }
        if has("user-agent"), !isGiven("user-agent") {
            let agent = draft.configuration.http.userAgent
            draft.template.headers.append(HeaderField("User-Agent", agent.isEmpty ? nil : agent))
        }
        if has("compressed"), isGiven("accept-encoding") {
            draft.template.headers.removeAll { $0.name.lowercased() == "accept-encoding" }
            omissions.append("-H Accept-Encoding: left out, because fetch offers what it can decode, as --compressed asks for")
        }
        if let referer = draft.referer, referer.hasSuffix(";auto") {
            draft.referer = referer == ";auto" ? nil : String(referer.dropLast(5))
            omissions.append("-e: ';auto' is left out, because after a redirect the referer is that of the request")
        }
    }

    /// What the options say of a request that sends that file; nil where they cannot be done.
    private mutating func template(sending upload: String?) throws -> RequestTemplate? {
        let unsettled = draft
        defer { draft = unsettled }
        draft.uploads = upload.map { [$0] } ?? []
        var file: String?
        // Content that is one file is read when it is sent.
        if draft.content.count == 1, case .binary = draft.content[0], !draft.isGet, let name = draft.content[0].file, name != "-" {
            file = name
            draft.content = [.raw("")]
        }
        try attempt {
            try $0.settleRequests()
            try $0.settleAuthentication()
        }
        if isImpossible { return nil }
        if let file {
            do { draft.template.body = try draft.surroundings.body(file) } catch let error as RequestBody.UnusableFile {
                throw UnreadableFile(error.description)
            }
        }
        return draft.template
    }
}

/// Files for bodies: curl has a name for each URL, in their order.
extension CurlDraft {
    /// Nil where the name is that of the URL.
    private var outputs: [String?] { arguments.filter { ["output", "remote-name"].contains($0.name) }.map(\.value) }

    /// What a line can say of a name; nil where there is no file.
    private static func nameBelowFolder(_ output: String?) -> String? {
        guard let output, !["", "-", "/dev/null"].contains(output), !leavesFolder(output) else { return nil }
        return output
    }

    private static func leavesFolder(_ name: String) -> Bool { name.split(separator: "/").contains("..") }

    private mutating func noteOutputs() {
        for argument in arguments where argument.name == "output" {
            switch argument.value! {
            case "-": break
            case "": omit(argument, "left out, because the name is empty")
            case "/dev/null": omit(argument, "left out, because it holds for a whole run; pass --format none to fetch")
            case let name where Self.leavesFolder(name):
                omit(argument, "left out, because a line names no file outside of a folder; pass -o to fetch")
            case let name where name.hasPrefix("/"): omit(argument, "the line has the name below a folder; pass --output-dir / to fetch")
            case _ where has("output-dir"): break
            default: omit(argument, "the line has the name below a folder; pass --output-dir . to fetch")
            }
        }
    }
}

extension Occurrence {
    /// As it is typed for fetch. A value that may be secret is not shown.
    fileprivate var spelling: String {
        let isSameLetter = typed.hasPrefix("--") || OptionTable.option(letter: typed.last ?? "-")?.name == option.name
        let name = isSameLetter ? typed : "--\(option.name)"
        guard let kind = option.value, kind.secret.range(in: value) == nil else { return name }
        let isPlain = !value.isEmpty && value.allSatisfy { $0.isLetter || $0.isNumber || "-_./:,=%@+".contains($0) }
        return "\(name) \(isPlain ? value : "'\(value.replacing("'", with: "'\\''"))'")"
    }
}
