import Testing

/// A recipe of the cookbook: its heading, and what its block must do where that is run.
struct Recipe: Sendable, CustomTestStringConvertible {
    let title: String
    let check: @Sendable (RecipeFolder) async throws -> Void

    init(_ title: String, check: @escaping @Sendable (RecipeFolder) async throws -> Void) {
        self.title = title
        self.check = check
    }

    var testDescription: String { title }

    static let all = programs + lists + schedules + persistence + archives
}
