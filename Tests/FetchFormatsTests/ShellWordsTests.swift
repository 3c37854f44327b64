import FetchFormats
import Support
import Testing

@Suite("Words of a shell") struct ShellWordsTests {
    @Test(
        "Are those that bash makes of the same text",
        arguments: [
            #"curl -H 'A: "b" \' "c\d \"e\" \\ \$ \` f" g\ h \"i"#, "curl 'a'\"b\"c\\d", "curl ''  \"\"", "curl\ta  b\t",
            "curl \\\n  -X PUT \\\n\t'a\nb' \"c\\\nd\" e\\\nf", "curl a#b # comment 'x", "curl {a,b}'[1-2]'",
            "curl $ a$ \"$\" \"a$ b\" $'' a=$",
            #"curl $'it\'s \"q\" \\ \n\t\r\a\b\e\E\f\v\? \q \101 \1234 \0601 \x41 \x4142 \xg \cA \u00e9 \u41 \U1F600 x'"#,
            #"curl $'\u00e9''b'$'c' a'b'$'c'"d""#, #"curl "a'b" 'a"b' $'a"b'"#, "curl é 'ü' \"😀\"", "curl --data-raw $'a\\u0021b'",
        ]) func bash(text: String) async throws
    {
        let run = try await Command("/bin/bash", ["-c", "set +B; export LC_ALL=C.UTF-8; curl() { printf '%s\\0' curl \"$@\"; }; \(text)"])
            .run()
        let words = run.text.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init)
        #expect(try ShellWords(text).commands == [words] && run.status == 0 && words.count > 1)
    }

    @Test("Two surrogates are the character that the browser meant") func surrogates() throws {
        #expect(try ShellWords(#"$'\ud83d\ude00 \uD83D\uDE00'"#).commands == [["😀 😀"]])
    }

    @Test("Commands end at lines and operators, and redirections are told apart") func commands() throws {
        let shell = try ShellWords("curl a ;\r\ncurl b && curl 'c;d' | jq . >out 2>&1 < in &\n\n# x\ncurl 2 e&>f\ncurl \\\r\n g")
        #expect(shell.commands == [["curl", "a"], ["curl", "b"], ["curl", "c;d"], ["jq", "."], ["curl", "2", "e"], ["curl", "g"]])
        #expect(shell.redirections == [">out", "2>&1", "< in", "&>f"])
        #expect(try ShellWords(" \n;# only\n").commands.isEmpty)
    }

    @Test(
        "What only a shell could run, or would refuse, is an error that says so",
        arguments: [
            ("a 'b", "quote '"), ("a \"b", "quote \""), ("a $'b\\'", "quote $'"), ("a $(date)", "$()"), ("a \"$(date)\"", "$()"),
            ("a `date`", "backticks"),
            ("a \"`date`\"", "backticks"), ("a $HOME", "$HOME"), ("a \"b ${TOKEN} c\"", "${TOKEN}"), ("a $1", "$1"),
            ("a <<EOF\nx\nEOF", "here-document"),
            ("a <(b)", "process substitution"), ("(a)", "parenthesis"), ("a ~/x", "~"), (#"a ^"b^""#, "cmd.exe"), (#"$'\xff'"#, "UTF-8"),
            (#"$'\ud800'"#, #"\u"#), (#"a $'b\0c'"#, "NUL"),
        ]) func errors(text: String, reason: String)
    {
        let error = #expect(throws: ShellError.self) { try ShellWords(text) }
        #expect(error?.description.contains(reason) == true)
    }
}
