import Foundation

/// Documentation/Cookbook.md, as its tests read it.
struct Cookbook {
    /// The headings, in the order of the page.
    private(set) var titles: [String] = []
    /// The blocks below them.
    private(set) var scripts: [String: String] = [:]

    static let page = Result { try Cookbook(String(contentsOf: file, encoding: .utf8)) }

    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../../Documentation/Cookbook.md"
    ).standardized

    init(_ page: String) throws {
        var script: String?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            switch (line, script) {
            case ("```", let whole?):
                guard let title = titles.last, scripts.updateValue(whole, forKey: title) == nil else {
                    throw NotOneBlock(title: titles.last)
                }
                script = nil
            case (_, let part?): script = part + line + "\n"
            case ("```sh", nil): script = ""
            case _ where line.hasPrefix("### "): titles.append(String(line.dropFirst(4)))
            default: break
            }
        }
        if let title = titles.first(where: { scripts[$0] == nil }) { throw NotOneBlock(title: title) }
    }

    struct NotOneBlock: Error {
        let title: String?
    }
}
