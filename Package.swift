// swift-tools-version: 6.2
import PackageDescription

// Four modules, one arrow: system-library shims -> FetchKit -> FetchFormats -> fetch. CONTRIBUTING.md says what each may know. Beside
// them is FetchHTTPTypes, so that only those who use HTTPTypes build it.
let package = Package(
    name: "fetch",
    products: [
        .library(name: "FetchKit", targets: ["FetchKit"]),
        .library(name: "FetchHTTPTypes", targets: ["FetchHTTPTypes"]),
        .executable(name: "fetch", targets: ["fetch"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CDeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(
            name: "CNettle", pkgConfig: "nettle",
            providers: [.apt(["nettle-dev"])]),
        .target(name: "CLinux"),
        .target(
            name: "FetchKit",
            dependencies: [
                "CCurl", "CZlib", "CNettle", "CLinux",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ]),
        .target(
            name: "FetchHTTPTypes",
            dependencies: ["FetchKit", .product(name: "HTTPTypes", package: "swift-http-types")]),
        .target(name: "FetchFormats", dependencies: ["FetchKit", "CZlib", "CDeflate", "CNettle"]),
        .executableTarget(
            name: "fetch",
            dependencies: [
                "FetchFormats", "FetchKit", "CLinux",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        .target(
            name: "Support", path: "Tests/Support",
            exclude: ["servers"]),
        .testTarget(name: "FetchKitTests", dependencies: ["FetchKit", "Support"]),
        .testTarget(name: "FetchHTTPTypesTests", dependencies: ["FetchHTTPTypes", "FetchKit", "Support"]),
        .testTarget(name: "FetchFormatsTests", dependencies: ["FetchFormats", "FetchKit", "Support"]),
        .testTarget(name: "fetchTests", dependencies: ["fetch", "FetchFormats", "FetchKit", "Support"]),
    ],
    swiftLanguageModes: [.v6]
)

// The fuzz target has no main function of its own: libFuzzer brings it. Scripts/fuzz asks for it.
if Context.environment["FETCH_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(name: "fuzz", dependencies: ["FetchFormats", "FetchKit"], path: "Tests/Fuzz", exclude: ["corpus"]))
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
