import FetchKit
import Testing

@testable import FetchFormats

@Suite("Whether a file is a list") struct ListCheckTests {
    private func objection(_ bytes: [UInt8]) -> String? {
        ListCheck.objection(bytes[...], RequestLine(template: RequestTemplate(), file: "f"))
    }

    @Test(
        "Five lines and no URL among them are none",
        arguments: [
            ("<!DOCTYPE html>\n<html>\n<head>\n<title>A page</title>\n</head>\n", "HTML"), ("\n\n <a>\n<b>\n<c>\n<d>\n<e>\n", "HTML"),
            ("[\n  {\n    \"url\": \"http://h/\"\n  },\n  {\n", "JSON array"),
            ("[\n\"http://a/\",\n\"http://b/\",\n\"http://c/\",\n\"http://d/\"\n]\n", "JSON array"),
            ("{\"a\": 1}\n{\"a\": 2}\n{\"a\": 3}\n{\"a\": 4}\n{\"a\": 5}\n", "JSON without"),
            ("\u{7F}ELF\u{1}\n\0a\n\u{2}b\n\u{3}c\n\u{4}d\n", "binary"),
            ("two words\nthree more words\na b\nc d\ne f\n", "no URL in its first 5 lines"),
            ("[A section]\nname = a b\ntwo words\na b\nc d\n", "no URL in its first 5 lines"),
            ("\u{FEFF}<a>\n<b>\n<c>\n<d>\n<e>\n", "HTML"),
        ]) func none(text: String, words: String)
    {
        let found = objection(Array(text.utf8))
        #expect(found?.contains(words) == true, "\(found ?? "nil")")
    }

    @Test(
        "A document is none however few lines it has",
        arguments: [
            ("<!DOCTYPE html><html><a href='http://h/'></html>", "HTML"), ("\u{FEFF} \n<?xml?>\n<a/>\n", "HTML or XML"), ("<", "HTML"),
            (#"["http://a/","http://b/"]"#, "JSON array"), ("[\n\"http://a/\"\n]\n", "JSON array"),
            ("[ {\"url\":\"http://h/\"}]", "JSON array"),
            ("[]\n", "JSON array"), (String(repeating: "<a>", count: 30_000), "HTML"),
        ]) func documents(text: String, words: String)
    {
        let found = objection(Array(text.utf8))
        #expect(found?.contains(words) == true, "\(found ?? "nil")")
    }

    @Test(
        "A list may begin with wrong lines",
        arguments: [
            "", "\n", "a b\na b\na b\na b\n", "a b\na b\na b\na b\na b", "#<a>\n#\n#\n#\n#\n#\n", "a b\na b\na b\na b\nexample.org\n",
            "<a>\n<b>\n<c>\n<d>\nhttp://h/\n", "{\"url\":\"http://h/\"}\n{}\n{}\n{}\n{}\n{}\n", "http://h/\n\0\n\0\n\0\n\0\n\0\n",
            "<a>\nhttp://h/\n", "[\n\"\nexample.org\n", "[::1]/\n", "[", "[::1", "[1-9].example.org\n",
            // Requests with something wrong in them.
            String(repeating: "{\"url\":\"http://h/\",\"foo\":1}\n", count: 5),
            // Rows that begin with a URL.
            "http://h/ 1\nhttp://h/ 2\nhttp://h/ 3\nhttp://h/ 4\nhttp://h/ 5\n",
            "https://h/\tx\nhttps://h/\tx\nhttps://h/\tx\nhttps://h/\tx\nhttps://h/\tx\n",
        ]) func list(text: String)
    {
        #expect(objection(Array(text.utf8)) == nil)
    }
}
