// Whole files, for bodies and headers. Small ones, read once, before they are needed.

import Glibc

/// The bytes of a file that is no pipe, terminal or device: a list must not be able to hold up or fill the program.
func contents(ofRegularFile name: String) throws(Input.Unusable) -> [UInt8] {
    var status = stat()
    guard stat(name, &status) == 0 else { throw Input.Unusable("cannot read \(name): \(String(cString: strerror(errno)))") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Input.Unusable("cannot read \(name): it is no regular file") }
    // Standard input may be the list.
    return try contents(ofFile: name == "-" ? "./-" : name)
}

/// The bytes of a file; `-` is standard input.
func contents(ofFile name: String) throws(Input.Unusable) -> [UInt8] {
    let descriptor = name == "-" ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Input.Unusable("cannot read \(name): \(String(cString: strerror(errno)))") }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = read(descriptor, &block, block.count)
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw Input.Unusable("cannot read \(name): \(String(cString: strerror(errno)))") }
        if count == 0 { return bytes }
        bytes += block[..<count]
    }
}
