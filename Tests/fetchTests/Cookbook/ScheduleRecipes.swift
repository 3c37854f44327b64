import Foundation
import Support
import Testing

extension Recipe {
    /// What is done again and again, or by a service.
    static let schedules = [
        Recipe("watch") { folder in
            try folder.list(["/fickle/watch", "/page/1"])
            let run = try await folder.command(inTerminal: true).run()
            #expect(run.status == 0 && run.text.contains("404 https://example.com/fickle/watch"))
            #expect(run.text.hasSuffix("A status has changed.\r\n"))
            #expect(try await folder.requests("/fickle/watch").map(\.status) == [404, 404, 200])
        },
        Recipe("cron") { folder in
            try folder.write("0 0 * * * true\n", to: "table")
            let crontab = "crontab() { if [ $1 = -l ]; then cat table; else cat > new && mv new table; fi; }"
            try await folder.succeed(prelude: crontab)
            let table = try folder.lines("table")
            #expect(table.count == 2 && table[0] == "0 0 * * * true")
            let line = try #require(table.last)
            // Five fields and a command, in which a percent sign would be the end of the line (crontab(5)).
            #expect(line.hasPrefix("*/15 * * * * ") && !line.contains("%"))
            let command = line.dropFirst("*/15 * * * * ".count).replacing("/usr/local/bin", with: folder.programs)
            let job = folder.inside("/bin/sh", ["-c", String(command)])
            try folder.list(["/page/1", "/page/2"])
            let quiet = try await job.run()
            #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errorText.isEmpty)
            try folder.list(["/page/1", "/missing"])
            let mail = try await job.run()
            #expect(mail.status == 1 && mail.output.isEmpty && mail.errorLines.count == 1 && mail.errorText.contains("/missing"))
        },
        Recipe("CI health check") { folder in
            try folder.list(["/starting/a", "/starting/b", "/fickle/c"], to: "services.txt")
            try await folder.succeed()
            for path in ["/starting/a", "/starting/b"] {
                #expect(try await folder.requests(path).map(\.status) == [503, 503, 200])
            }
            #expect(try await folder.requests("/fickle/c").map(\.status) == [404, 404, 200])
        },
        Recipe("Progress in a systemd unit") { folder in
            try folder.list(["/page/1", "/held/unit"])
            try await folder.succeed(prelude: "systemctl() { echo $* >> calls; }")
            #expect(folder.text("calls") == "--user link \(folder.path)/gather.service\n--user start gather\n")
            let settings = try Dictionary(
                uniqueKeysWithValues: folder.lines("gather.service").filter { $0.contains("=") }.map { line in
                    let parts = line.split(separator: "=", maxSplits: 1)
                    return (String(parts[0]), String(parts[1]))
                })
            #expect(settings["WorkingDirectory"] == folder.path)
            // As the manager of units does it: without a shell, and without a terminal.
            let words = try #require(settings["ExecStart"]).replacing("/usr/local/bin", with: folder.programs).split(separator: " ")
            let running = try folder.inside(String(words[0]), words.dropFirst().map(String.init)).start()
            running.closeInput()
            #expect(await running.waitForErrors { String(decoding: $0, as: UTF8.self).contains("fetch: 1/2 50%") })
            #expect(try await folder.inside("fetch", ["https://example.com/open/unit"]).run().text == "open\n")
            let run = await running.finish()
            #expect(run.status == 0 && folder.files(in: "pages/example.com") == ["held/unit", "page/1"])
            // Lines for the journal, the summary at the end, and nothing that is for a terminal.
            #expect(run.errorText.contains("2 fetched, 0 failed") && !run.errorText.contains("\r") && !run.errorText.contains("\u{1b}"))
        },
        Recipe("Diff of two days") { folder in
            try folder.list(["/text/same", "/text/changed", "/text/new"])
            for (name, text) in [("same", "/text/same\n"), ("changed", "before\n"), ("gone", "gone\n")] {
                try folder.write(text, to: "today/example.com/text/\(name)")
            }
            try folder.write("older\n", to: "yesterday/example.com/text/older")
            try await folder.succeed()
            let changes = try folder.lines("changes.diff").filter { !$0.hasPrefix("---") && !$0.hasPrefix("+++") && !$0.hasPrefix("@@") }
            #expect(changes.filter { !$0.hasPrefix("diff") } == ["-before", "+/text/changed", "-gone", "+/text/new"])
            #expect(folder.files(in: "yesterday/example.com/text") == ["changed", "gone", "same"])
        },
    ]
}
