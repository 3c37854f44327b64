// swift-tools-version: 6.2
import PackageDescription

// Small programs on FetchKit, each to be read from top to bottom. A package of its own, so that what they need beside FetchKit is no
// dependency of the project.
let package = Package(
    name: "examples",
    dependencies: [
        .package(name: "fetch", path: ".."),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .executableTarget(name: "gather", dependencies: [.product(name: "FetchKit", package: "fetch")]),
        .executableTarget(name: "stream", dependencies: [.product(name: "FetchKit", package: "fetch")]),
        .executableTarget(name: "receiver", dependencies: [.product(name: "FetchKit", package: "fetch")]),
        .executableTarget(name: "cancel", dependencies: [.product(name: "FetchKit", package: "fetch")]),
        .executableTarget(name: "blocking", dependencies: [.product(name: "FetchKit", package: "fetch")]),
        .executableTarget(
            name: "service",
            dependencies: [
                .product(name: "FetchKit", package: "fetch"),
                .product(name: "FetchHTTPTypes", package: "fetch"),
                .product(name: "FlyingFox", package: "FlyingFox"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets { target.swiftSettings = [.treatAllWarnings(as: .error)] }
