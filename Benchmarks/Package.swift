// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "PairbathBenchmarks",
  dependencies: [.package(name: "Pairbath", path: "..")],
  targets: [
    .executableTarget(name: "pairbath-bench", dependencies: [.product(name: "Pairbath", package: "Pairbath")])
  ]
)
