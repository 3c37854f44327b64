// swift-tools-version: 6.2
import PackageDescription

// What FetchKit costs a program that uses it. A package of its own, so that the project's has no product for measuring only.
let package = Package(
    name: "library-bench",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "fetch", path: "../../../../..")],
    targets: [
        .executableTarget(
            name: "library-bench",
            dependencies: [.product(name: "FetchKit", package: "fetch")],
            path: ".",
            sources: ["main.swift"])
    ],
    swiftLanguageModes: [.v6]
)
