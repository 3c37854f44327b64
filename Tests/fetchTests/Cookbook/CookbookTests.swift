import Testing

/// Documentation/Cookbook.md: what stands there is what is run.
@Suite("Cookbook") struct CookbookTests {
    @Test("A recipe does what the page says", arguments: Recipe.all) func recipe(_ recipe: Recipe) async throws {
        let script = try #require(try Cookbook.page.get().scripts[recipe.title])
        try await recipe.check(try RecipeFolder(script))
    }

    @Test("Each recipe of the page has a test") func titles() throws {
        #expect(try Cookbook.page.get().titles == Recipe.all.map(\.title))
    }
}
