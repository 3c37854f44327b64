// What the options about requests mean together.

import FetchFormats
import FetchKit

extension Draft {
    mutating func settleRequests() throws {
        if let referer { template.headers.append(HeaderField("Referer", referer)) }
        try settleContent()
        if let range {
            template.headers.append(HeaderField("Range", "bytes=\(range)"))
            // A part of a compressed body is of no use.
            configuration.bodies.isCompressionOffered = false
        }
        template.schemes = configuration.http.schemes
    }

    private mutating func settleContent() throws {
        let sending = (uploads.isEmpty ? [] : ["-T"]) + (parts.isEmpty ? [] : ["-F"]) + (content.isEmpty || isGet ? [] : ["-d"])
        if isHead, let option = sending.first { throw UsageError("-I asks for the head only, \(option) sends content: choose one") }
        if sending.count > 1 { throw UsageError("\(sending[0]) and \(sending[1]) exclude each other") }
        template.method = method ?? (isHead ? "HEAD" : sending == ["-T"] ? "PUT" : sending.isEmpty ? "GET" : "POST")
        let inQuery = query + (isGet ? content : [])
        if !inQuery.isEmpty { template.query = try form(inQuery) }
        if let file = uploads.first { return try settleUpload(file) }
        if !parts.isEmpty { return try settleForm() }
        guard !content.isEmpty && !isGet else { return }
        // Pieces of JSON are put together without anything between them, as curl does it.
        template.body = .bytes(isJSON ? try content.flatMap { try form([$0]).bytes } : try form(content).bytes)
        setUsual("Content-Type", isJSON ? "application/json" : "application/x-www-form-urlencoded")
        if isJSON { setUsual("Accept", "application/json") }
    }

    private mutating func settleUpload(_ file: String) throws {
        if uploads.count > 1 { throw UsageError("-T names one file for all URLs; a JSON line of a list has its own: body_file") }
        template.body = try body(of: file, for: "-T")
        if file == "-" { return }
        let name = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { file[file.utf8.index(after: $0)...] } ?? file[...]
        // In a path a blank is no plus sign.
        template.fileName = String(decoding: try form([.urlEncoded("=\(name)")]).bytes, as: UTF8.self).replacing("+", with: "%20")
    }

    private mutating func settleForm() throws {
        do {
            let form = try MultipartForm(parts, random: (.random(in: .min ... .max), .random(in: .min ... .max))) {
                try body(of: $0, for: "-F")
            }
            template.body = form.body
            setUsual("Content-Type", form.contentType)
        } catch let error as MultipartForm.Invalid {
            throw UsageError("-F: \(error)")
        }
    }

    /// A file that is read while it is sent; standard input is read now.
    private mutating func body(of file: String, for option: String) throws -> RequestBody {
        if file == "-" { return .bytes(try contents(of: file, .body, for: option)) }
        read(file, by: option)
        do { return try surroundings.body(file) } catch let error as RequestBody.UnusableFile {
            throw UnreadableFile(error.description)
        }
    }

    private mutating func form(_ pieces: [FormData.Piece]) throws -> FormData {
        try FormData(pieces) { try contents(of: $0, .body, for: "-d") }
    }

    /// A header that curl sends unless the user has one of that name.
    private mutating func setUsual(_ name: String, _ value: String) {
        guard !template.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) else { return }
        template.headers.append(HeaderField(name, value))
    }

    mutating func settleAuthentication() throws {
        if let user {
            template.credentials = try user.credentials(isDigest ? .digest : .basic)
        } else if isDigest {
            throw UsageError("--digest needs -u user:password")
        }
        if let bearer { template.headers.append(HeaderField("Authorization", "Bearer \(bearer)")) }
        if !cookies.isEmpty { template.headers.append(HeaderField("Cookie", cookies.joined(separator: "; "))) }
        guard !cookieFiles.isEmpty || output.cookieJar != nil else { return }
        configuration.cookies = Configuration.Cookies(lines: try cookieFiles.flatMap { try cookieLines($0) })
        if output.cookieJar == "-" { throw UsageError("-c writes to a file; one that is called - is ./-") }
        guard configuration.limits.threads == 1 else {
            throw UsageError("a cookie jar cannot be shared between threads: leave --threads at 1")
        }
    }

    /// The lines of a file of cookies. As in curl, one that is not there has none.
    private mutating func cookieLines(_ file: String) throws -> [String] {
        if file.isEmpty { return [] }
        if file != "-" && !surroundings.exists(file) {
            read(file, by: "-b")
            return []
        }
        return try contents(of: file, .cookies, for: "-b").split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Users and passwords by host. Nobody needs to have the file that `-n` means.
    mutating func readNetrc(_ file: String, isNeeded: Bool, for option: String) throws {
        if !isNeeded && !surroundings.exists(file) { return read(file, by: option) }
        do {
            template.netrc = try Netrc(try contents(of: file, .text, for: option))
        } catch let error as NetrcError {
            throw UnreadableFile("cannot read \(file): \(error)")
        }
    }

    /// A header, or those of a file.
    mutating func headerFields(_ argument: Argument) throws -> [HeaderField] {
        guard argument.text.hasPrefix("@") else { return [try Self.headerField(argument.text, argument)] }
        let file = String(argument.text.dropFirst())
        return try contents(of: file, .text, for: argument.option).split(separator: UInt8(ascii: "\n")).compactMap { line in
            let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            return text.isEmpty || text.hasPrefix("#") ? nil : try Self.headerField(text, argument)
        }
    }

    /// curl's forms: `Name: value`, `Name:` to remove a header, `Name;` to send an empty one.
    private static func headerField(_ text: String, _ argument: Argument) throws(UsageError) -> HeaderField {
        _ = try Argument(option: argument.option, text: text).fieldValue()
        // Without what stands behind the name: it may be a secret.
        let invalid = UsageError("\(argument.option): not a valid header; write '\(argument.option) \"Name: value\"'")
        guard let end = text.firstIndex(where: { $0 == ":" || $0 == ";" }), isToken(String(text[..<end])) else { throw invalid }
        let name = String(text[..<end])
        let value = text[text.index(after: end)...].drop { $0 == " " || $0 == "\t" }
        if text[end] == ";" && !value.isEmpty { throw invalid }
        return HeaderField(name, text[end] == ";" ? "" : value.isEmpty ? nil : String(value))
    }
}
