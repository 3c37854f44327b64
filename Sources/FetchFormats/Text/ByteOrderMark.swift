// The mark that some editors put in front of UTF-8.

extension ArraySlice<UInt8> {
    /// Without the byte order mark at the beginning, if there is one.
    package var withoutByteOrderMark: Self { starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self }
}
