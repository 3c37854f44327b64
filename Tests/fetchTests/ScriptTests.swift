import Foundation
import Support
import Testing

/// What Scripts/ have in common, with programs of our own in place of those that change the machine.
@Suite("Scripts") struct ScriptTests {
    private let scratch = Scratch()
    private static let common = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../Scripts/support/common.sh"
    ).standardized.path

    /// The place of the policy below `scratch`.
    private let policy = "root/usr/sbin/policy-rc.d"

    /// Runs `need` where nothing is installed. apt-get asks the policy as a package with a service would, and ends like `ending`.
    private func need(uid: Int, ending: String, policy existing: String? = nil) async throws -> Completed {
        let log = "\(scratch.path)/log"
        for folder in ["programs", "bin", "root/usr/sbin"] { try scratch.makeDirectory(folder) }
        scratch.plant("#!/bin/bash\nexit 1\n", at: "programs/dpkg-query")
        scratch.plant("#!/bin/bash\necho \(uid)\n", at: "programs/id")
        // The environment does not get through sudo(8).
        scratch.plant("#!/bin/bash\necho sudo >> \(log); exec env -i PATH=\"$PATH\" \"$@\"\n", at: "programs/sudo")
        scratch.plant(
            """
            #!/bin/bash
            echo "$* $DEBIAN_FRONTEND" >> \(log)
            [ $1 = install ] || exit 0
            \(scratch.path)/\(policy) haproxy start
            echo $? >> \(log)
            \(ending)

            """, at: "programs/apt-get")
        if let existing { scratch.plant(existing, at: "policy") }
        // Made executable by another process: what this one writes cannot be run while a program that starts has the descriptor.
        var command = Command.shell(
            """
            install -m 755 \(scratch.path)/programs/* \(scratch.path)/bin
            \(existing == nil ? "" : "install -m 755 \(scratch.path)/policy \(scratch.path)/\(policy)")
            PATH=\(scratch.path)/bin:$PATH
            source \(Self.common); need haproxy; echo installed
            """)
        command.environment["DPKG_ROOT"] = "\(scratch.path)/root"
        return try await command.run()
    }

    @Test("Services of what is installed are not started, and nothing is left that forbids it", arguments: [0, 1000])
    func services(uid: Int) async throws {
        let run = try await need(uid: uid, ending: "exit 0")
        #expect(run.status == 0 && run.text == "installed\n", "\(run.errorText)")
        let sudo = uid == 0 ? [] : ["sudo"]
        let calls = ["update -qq noninteractive", "install -y -qq --no-install-recommends haproxy noninteractive", "101"]
        #expect(scratch.text("log") == (sudo + calls).map { $0 + "\n" }.joined())
        #expect(scratch.text(policy) == nil)
    }

    @Test(
        "Nothing is left either when the installation fails or is interrupted",
        arguments: [("exit 100", 100), ("kill -INT 0", 130), ("kill -TERM $PPID", 143), ("kill -HUP $PPID", 129)] as [(String, Int32)],
        [0, 1000])
    func failures(end: (ending: String, status: Int32), uid: Int) async throws {
        let run = try await need(uid: uid, ending: end.ending)
        #expect(run.status == end.status && run.output.isEmpty, "\(run.errorText)")
        #expect(scratch.text("log")?.hasSuffix("\n101\n") == true && scratch.text(policy) == nil)
    }

    @Test("A policy that the machine has decides, and stays", arguments: [0, 104]) func existing(status: Int) async throws {
        let text = "#!/bin/sh\nexit \(status)\n"
        #expect(try await need(uid: 0, ending: "exit 0", policy: text).status == 0)
        #expect(scratch.text(policy) == text && scratch.text("log")?.hasSuffix("\n\(status)\n") == true)
    }

    @Test("A link that leads nowhere is not followed") func danglingLink() async throws {
        try scratch.makeDirectory("root/usr/sbin")
        scratch.link(policy, to: "../elsewhere")
        #expect(try await need(uid: 0, ending: "exit 0").status == 0)
        #expect(scratch.names(in: "root/usr") == ["sbin", "sbin/policy-rc.d"])
    }
}
