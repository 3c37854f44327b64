// The columns of tables for people. A narrow terminal gets fewer of them, because rows that wrap are no table.

/// Columns of numbers, and the text that ends each row.
struct TableColumns {
    struct Column {
        let title: String
        let width: Int
        /// Where there is no room for all, those of the highest rank are left out first.
        let rank: Int

        init(_ title: String, _ width: Int, rank: Int = 0) { (self.title, self.width, self.rank) = (title, width, rank) }
    }

    private var columns: [(position: Int, column: Column)]

    /// `room` is how many columns of a terminal they may take; nil is any number.
    init(_ columns: [Column], room: Int?) {
        self.columns = Array(columns.enumerated()).map { ($0.offset, $0.element) }
        guard let room else { return }
        while self.columns.reduce(0, { $0 + $1.column.width }) > room,
            let least = self.columns.indices.max(by: { self.columns[$0].column.rank < self.columns[$1].column.rank }),
            self.columns[least].column.rank > 0
        {
            self.columns.remove(at: least)
        }
    }

    var header: String { columns.map { $0.column.title.aligned($0.column.width) }.joined() }

    /// `cells` has one for each column that was wished for.
    func row(_ cells: [String]) -> String { columns.map { cells[$0.position].aligned($0.column.width) }.joined() }
}
