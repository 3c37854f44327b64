// Certificates made on the spot by openssl(1): a certificate authority of our own and servers that are right or wrong.

public import Foundation

/// A test authority and what it has signed.
public struct Certificates: Sendable {
    public struct Pair: Sendable {
        public let chain: String
        public let key: String
    }

    /// The authority's certificate, to be trusted.
    public let authority: String
    /// For 127.0.0.1, localhost, example.com and the names below that.
    public let good: Pair
    /// For another name.
    public let wrongName: Pair
    /// For the right name, until yesterday.
    public let expired: Pair
    /// For the right name, from the year 2040 on.
    public let early: Pair
    /// For the right name, signed by nobody.
    public let selfSigned: Pair
    /// For the right name, signed by an authority that nobody has been told of.
    public let unknown: Pair

    /// The same as `good`, its key encrypted with `keyPassword`.
    public let encrypted: Pair
    public static let keyPassword = "pa:s\\w@rd"

    public static let shared = Result { try make() }

    private static func make() throws -> Certificates {
        let folder = Paths.temporary("certificates")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = """
            set -e
            cd \(folder.path)
            key() { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }
            key ca
            openssl req -x509 -new -key ca.key -subj "/CN=fetch test authority" -days 2 -out ca.pem
            sign() { # name, alternative names, further options
              key $1
              openssl req -new -key $1.key -subj "/CN=$1" -out $1.csr
              printf 'subjectAltName=%s\\n' "$2" > $1.ext
              openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile $1.ext -out $1.pem "${@:3}"
            }
            sign good "IP:127.0.0.1,DNS:localhost,DNS:example.com,DNS:*.example.com" -days 2
            openssl pkcs8 -topk8 -in good.key -passout 'pass:\(keyPassword)' -out encrypted.key
            cat good.pem encrypted.key > encrypted.pem
            sign wrong DNS:elsewhere.test -days 2
            key expired
            openssl req -new -key expired.key -subj /CN=expired -out expired.csr
            key early
            openssl req -new -key early.key -subj /CN=early -out early.csr
            key other
            openssl req -x509 -new -key other.key -subj "/CN=an authority in between" -days 2 -out other.pem
            mkdir -p db && touch db/index && echo 01 > db/serial
            printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=db/index\\nserial=db/serial\\nnew_certs_dir=db\\npolicy=p\\n' > ca.cnf
            printf 'default_md=sha256\\nx509_extensions=x\\n[p]\\ncommonName=supplied\\n[x]\\nsubjectAltName=IP:127.0.0.1\\n' >> ca.cnf
            openssl ca -batch -config ca.cnf -in expired.csr -cert ca.pem -keyfile ca.key -out expired.pem \
              -startdate 20200101000000Z -enddate 20200102000000Z
            openssl ca -batch -config ca.cnf -in early.csr -cert ca.pem -keyfile ca.key -out early.pem \
              -startdate 20400101000000Z -enddate 20410101000000Z
            key unknown
            openssl req -new -key unknown.key -subj /CN=unknown -out unknown.csr
            openssl x509 -req -in unknown.csr -CA other.pem -CAkey other.key -CAcreateserial -extfile good.ext -days 2 -out unknown.pem
            key self
            openssl req -x509 -new -key self.key -subj /CN=self -addext subjectAltName=IP:127.0.0.1 -days 2 -out self.pem
            """
        // Not Foundation's Process: a server that another test starts at the same moment would inherit the socket by which it
        // hears of the end, and it would hear of it when that server ends.
        let running = try Command("/bin/bash", ["-c", script]).start()
        running.closeInput()
        var status: Int32 = 0
        waitpid(running.process, &status, 0)
        guard status == 0 else { throw ServerDidNotStart() }
        let pair = { (name: String) in Pair(chain: "\(folder.path)/\(name).pem", key: "\(folder.path)/\(name).key") }
        return Certificates(
            authority: "\(folder.path)/ca.pem", good: pair("good"), wrongName: pair("wrong"), expired: pair("expired"),
            early: pair("early"), selfSigned: pair("self"), unknown: pair("unknown"), encrypted: pair("encrypted"))
    }
}

/// Where tests find and put things.
public enum Paths {
    public static let servers = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("servers")

    /// The Python that has httpbin: FETCH_TEST_PYTHON, set by Scripts/test, else the system's.
    public static let python = ProcessInfo.processInfo.environment["FETCH_TEST_PYTHON"] ?? "python3"

    /// A folder for this test process, removed at its end. A new one: one that was killed with the same number has left its own.
    private static let folder: URL = {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/fetch-tests-XXXXXX".utf8CString)
        let folder = URL(fileURLWithPath: mkdtemp(&template).map { String(cString: $0) } ?? "")
        // nginx is nobody when we are root.
        chmod(folder.path, 0o755)
        atexit { try? FileManager.default.removeItem(at: Paths.folder) }
        return folder
    }()

    public static func temporary(_ name: String) -> URL { folder.appendingPathComponent(name) }

    /// A file with that content, for lists and the like.
    public static func file(_ name: String, _ content: String) throws -> String {
        let url = temporary(name)
        try Data(content.utf8).write(to: url)
        return url.path
    }
}
