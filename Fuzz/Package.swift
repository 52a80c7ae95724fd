// swift-tools-version: 6.1
import PackageDescription

// The sanitizers of the whole build and its testability come from `make fuzz`: see README.md.
let package = Package(
  name: "PairbathFuzz",
  dependencies: [.package(name: "Pairbath", path: "..")],
  targets: [
    .executableTarget(
      name: "pairbath-fuzz", dependencies: [.product(name: "PairbathC", package: "Pairbath")],
      swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .unsafeFlags(["-parse-as-library"])])
  ]
)
