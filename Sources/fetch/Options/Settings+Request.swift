// What the options about requests mean for the run.

import FetchFormats
import ArgumentParser
import FetchKit
import Glibc

extension Settings {
    /// `readsList` says that standard input is a list of URLs already.
    mutating func set(_ options: RequestOptions, readsList: Bool) throws {
        let read = { (name: String, limit: FileLimit) throws -> [UInt8] in
            if name == "-" && readsList { throw ValidationError("Standard input is the list of URLs; it cannot be \"@-\" as well.") }
            return try contents(ofFile: name, limit: limit)
        }
        template.headers = try options.headers.flatMap { try Self.headerFields($0) { try read($0, .text) } }
        if let agent = options.userAgent { configuration.http.userAgent = try Self.fieldValue(agent, "-A") }
        if let referer = options.referer { template.headers.append(HeaderField("Referer", try Self.fieldValue(referer, "-e"))) }
        try setContent(options) { try read($0, .body) }
        if let range = options.range {
            template.headers.append(HeaderField("Range", "bytes=\(try Self.fieldValue(range, "-r"))"))
            // A part of a compressed body is of no use.
            configuration.bodies.isCompressionOffered = false
        }
        if !options.compressed { configuration.bodies.isCompressionOffered = false }
        guard options.maxRedirs >= 0 else { throw ValidationError("--max-redirs takes a number from 0 on.") }
        configuration.http.maxRedirects = options.maxRedirs
        configuration.http.trustsRedirects = options.locationTrusted
        if let proto = options.proto { configuration.http.schemes = proto.schemes }
        template.schemes = configuration.http.schemes
    }

    private mutating func setContent(_ options: RequestOptions, _ read: (String) throws -> [UInt8]) throws {
        let hasContent = !options.data.isEmpty
        if options.isHead {
            if hasContent && !options.isGet { throw ValidationError("-I asks for the head only, -d sends content: choose one.") }
            template.method = "HEAD"
        } else if hasContent && !options.isGet {
            template.method = "POST"
        }
        if let method = options.method {
            guard isToken(method) else { throw ValidationError("'\(method)' is no HTTP method.") }
            template.method = method
        }
        guard hasContent else { return }
        let isJSON = options.data.contains { $0.kind == .json }
        if options.isGet {
            template.query = try FormData(options.data.map(\.piece), read: read)
            return
        }
        // Pieces of JSON are put together without anything between them, as curl does it.
        template.body =
            try isJSON
            ? options.data.flatMap { try FormData([$0.piece], read: read).bytes } : FormData(options.data.map(\.piece), read: read).bytes
        let usual = [
            ("content-type", HeaderField("Content-Type", isJSON ? "application/json" : "application/x-www-form-urlencoded")),
            ("accept", HeaderField("Accept", "application/json")),
        ]
        for (name, field) in usual
        where (name == "content-type" || isJSON) && !template.headers.contains(where: { $0.name.lowercased() == name }) {
            template.headers.append(field)
        }
    }

    /// `readsList` says that standard input is a list of URLs already.
    mutating func set(_ options: AuthenticationOptions, readsList: Bool) throws {
        if let user = options.user {
            template.credentials = try Self.credentials(user, option: "-u", scheme: options.digest ? .digest : .basic)
        } else if options.digest {
            throw ValidationError("--digest needs -u user:password.")
        }
        if let token = options.bearer {
            template.headers.append(HeaderField("Authorization", "Bearer \(try Self.fieldValue(token, "--oauth2-bearer"))"))
        }
        try setNetrc(options)
        // As in curl: with a = it is a cookie, else a file.
        let pairs = options.cookies.filter { $0.contains("=") }
        let files = options.cookies.filter { !$0.contains("=") }
        if !pairs.isEmpty { template.headers.append(HeaderField("Cookie", try Self.fieldValue(pairs.joined(separator: "; "), "-b"))) }
        guard !files.isEmpty || options.cookieJar != nil else { return }
        if files.contains("-") && readsList { throw ValidationError("Standard input is the list of URLs; it cannot be \"-b -\" as well.") }
        configuration.cookies = Configuration.Cookies(lines: try files.flatMap { try Self.cookies(inFile: $0) })
        if options.cookieJar == "-" { throw ValidationError("-c writes to a file; one that is called - is ./-") }
        output.cookieJar = options.cookieJar
        guard configuration.limits.threads == 1 else {
            throw ValidationError("A cookie jar cannot be shared between threads: leave --threads at 1.")
        }
    }

    /// The lines of a file of cookies. As in curl, one that is not there has none.
    private static func cookies(inFile name: String) throws -> [String] {
        if name.isEmpty || name != "-" && access(name, F_OK) != 0 && errno == ENOENT { return [] }
        return try contents(ofFile: name, limit: .cookies).split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The file of users and passwords, if one is asked for.
    static func netrcFile(_ options: AuthenticationOptions) -> String? {
        options.netrcFile ?? (options.netrc ? "\(getenv("HOME").map { String(cString: $0) } ?? "/")/.netrc" : nil)
    }

    private mutating func setNetrc(_ options: AuthenticationOptions) throws {
        guard let file = Self.netrcFile(options) else { return }
        // Nobody needs to have one.
        if options.netrcFile == nil && access(file, F_OK) != 0 { return }
        do {
            template.netrc = try Netrc(try contents(ofFile: file, limit: .text))
        } catch let error as UnreadableFile {
            throw error
        } catch {
            throw UnreadableFile("cannot read \(file): \(error)")
        }
    }

    /// A header of the command line, or those of a file.
    private static func headerFields(_ text: String, read: (String) throws -> [UInt8]) throws -> [HeaderField] {
        guard text.hasPrefix("@") else { return [try headerField(text)] }
        return try read(String(text.dropFirst())).split(separator: UInt8(ascii: "\n")).compactMap { line in
            let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            return text.isEmpty || text.hasPrefix("#") ? nil : try headerField(text)
        }
    }

    /// curl's forms: `Name: value`, `Name:` to remove a header, `Name;` to send an empty one.
    private static func headerField(_ text: String) throws -> HeaderField {
        guard isFieldValue(text) else { throw ValidationError("A header must not contain line breaks or other control characters.") }
        let end = text.firstIndex { $0 == ":" || $0 == ";" }
        // Without what stands behind the name: it may be a secret.
        guard let end, isToken(String(text[..<end])) else { throw ValidationError("That is no header; write -H 'Name: value'.") }
        let name = String(text[..<end])
        let value = text[text.index(after: end)...].drop { $0 == " " || $0 == "\t" }
        if text[end] == ";" {
            guard value.isEmpty else { throw ValidationError("That is no header; write -H 'Name: value'.") }
            return HeaderField(name, "")
        }
        return HeaderField(name, value.isEmpty ? nil : String(value))
    }

    private static func fieldValue(_ text: String, _ option: String) throws -> String {
        guard isFieldValue(text) else { throw ValidationError("\(option) must not contain line breaks or other control characters.") }
        return text
    }
}
