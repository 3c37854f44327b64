import Support
import Testing

@testable import FetchFormats
@testable import fetch

/// What curl's users have in their fingers: each of its options is there, or refused with what to do instead.
@Suite("Options of curl") struct CurlOptionTests {
    private static let all =
        CurlOption.all.flatMap { option in (option.letter.map { ["-\($0)"] } ?? []) + [option.name] } + ["--expand-url"]

    /// Letters that mean something else here, and say so when they are used as in curl.
    private static let others = ["-i", "-j", "-q"]

    @Test("None is unknown, and none is without a meaning", arguments: all.filter { !others.contains($0) }) func known(typed: String) throws
    {
        var reader = ArgumentReader([typed, "x"])
        do throws(UsageError) {
            let option = try reader.next()?.option
            // A letter is the same option as the name.
            if !typed.hasPrefix("--"), let index = Self.all.firstIndex(of: typed) {
                #expect(OptionTable.option(name: Self.all[index + 1].dropFirst(2))?.option.name == option?.name)
            }
        } catch {
            let advice = try #require(error.description.split(separator: ": ", maxSplits: 1).last)
            #expect(error.description.hasPrefix("there is no \(typed): ") && advice.contains(" ") && !advice.hasPrefix("did you mean"))
        }
    }

    @Test("All of the installed curl are among them, with their values") func installed() async throws {
        let help = try await Command("curl", ["--help", "all"]).run().text
        let found = help.matches(of: /(?m)^ *(?:-(?:.), )? *(--[a-z0-9][-.\w]*)( [<\[])?/).map {
            (name: String($0.output.1), takesValue: $0.output.2 != nil)
        }
        #expect(found.count > 200)
        for (name, takesValue) in found where name != "--help" {
            #expect(CurlOption.option(name: name)?.takesValue == takesValue, "\(name)")
        }
    }

    @Test(
        "Habits of wget and aria2c are told which option it is",
        arguments: [
            ("-P", "--output-dir"), ("--directory-prefix", "--output-dir"), ("--tries", "--retry"), ("-t", "--retry"),
            ("--timeout", "--max-time"), ("--input-file", "--input"), ("--spider", "--head"), ("--no-check-certificate", "--insecure"),
            ("--wait", "--rate"), ("--no-proxy", "--noproxy"), ("--output-document", "--output"),
            ("--max-concurrent-downloads", "--concurrency"),
            ("--max-connection-per-server", "--per-host"), ("--split", "--per-host"), ("--dir", "--output-dir"), ("--out", "--output"),
            ("--continue", "--continue-at"), ("--content-on-error", "--fail-with-body"), ("--post-data", "--data"),
            ("--load-cookies", "--cookie"), ("--ca-certificate", "--cacert"), ("--max-tries", "--retry"), ("--all-proxy", "--proxy"),
            ("--inet4-only", "--ipv4"), ("--timestamping", "--remote-time"), ("--http-password", "--user"),
        ]) func meanings(typed: String, name: String)
    {
        let error = #expect(throws: UsageError.self) { try canonical([typed, "1"]) }
        #expect(error?.description.hasPrefix("there is no \(typed): use ") == true && error?.description.contains("\(name) ") == true)
    }

    @Test(
        "What is only misspelled is told its name",
        arguments: [
            ("--retires", "--retry"), ("--outputdir", "--output-dir"), ("--conect-timeout", "--connect-timeout"), ("--fromat", "--format"),
            ("--skip-exist", "--skip-existing"), ("--header-s", "--header"), ("--cookiejar", "--cookie-jar"),
        ]) func spelling(typed: String, name: String)
    {
        let error = #expect(throws: UsageError.self) { try canonical([typed]) }
        #expect(error?.description.contains("did you mean") == true && error?.description.contains(name) == true)
    }
}
