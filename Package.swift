// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny")
]

let complex = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")
let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let package = Package(
  name: "Pairbath",
  products: [
    .library(name: "Pairbath", targets: ["Pairbath"]),
    .executable(name: "pairbath", targets: ["pairbath"]),
    .library(name: "PairbathTestSupport", targets: ["PairbathTestSupport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // L0: link lines and prototypes, no logic. Exactly one Swift target imports each.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CLinearAlgebra", dependencies: ["COpenBLAS"]),
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
    // L1: numerics without physics.
    .target(name: "BoundedSearch", dependencies: ["CNLopt", real], swiftSettings: swiftSettings),
    .target(name: "DenseMatrices", dependencies: ["COpenBLAS", "CLinearAlgebra", complex, real], swiftSettings: swiftSettings),
    .target(name: "SpecialFunctions", dependencies: [complex, real], swiftSettings: swiftSettings),
    .target(name: "Quadrature", dependencies: [complex, real], swiftSettings: swiftSettings),
    // L2: what the system is.
    .target(name: "JunctionModel", dependencies: ["DenseMatrices", "Quadrature", complex, real], swiftSettings: swiftSettings),
    // L3: what one computes.
    .target(
      name: "TransportSolvers",
      dependencies: ["DenseMatrices", "SpecialFunctions", "Quadrature", "JunctionModel", complex, real],
      swiftSettings: swiftSettings),
    .target(
      name: "RadiativeTransfer",
      dependencies: ["SpecialFunctions", "JunctionModel", "TransportSolvers", real], swiftSettings: swiftSettings),
    // L4: files, sweeps, figures.
    .target(
      name: "JunctionFiles",
      dependencies: [
        "CNetCDF", "DenseMatrices", "JunctionModel", "TransportSolvers", "RadiativeTransfer", complex,
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: swiftSettings),
    .target(
      name: "Sweeps", dependencies: ["DenseMatrices", "JunctionModel", "TransportSolvers", "RadiativeTransfer"],
      swiftSettings: swiftSettings),
    .target(name: "Figures", dependencies: ["TransportSolvers"], swiftSettings: swiftSettings),
    // L5: what a user of the library imports.
    .target(
      name: "Pairbath",
      dependencies: [
        "DenseMatrices", "JunctionModel", "TransportSolvers", "RadiativeTransfer", "JunctionFiles", "Sweeps", "Figures",
      ],
      swiftSettings: swiftSettings),
    // L6: the command; what it prints and how it fails is apart, so that tests can import it.
    .target(name: "PairbathCommandSupport", dependencies: ["Pairbath", "BoundedSearch"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "pairbath",
      dependencies: [
        "Pairbath", "PairbathCommandSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/PairbathCommand", swiftSettings: swiftSettings),
    // Slow textbook twins, random junctions, law checkers: imported by tests and benchmarks only.
    .target(
      name: "PairbathTestSupport",
      dependencies: ["DenseMatrices", "JunctionModel", "TransportSolvers", "RadiativeTransfer", complex, real],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "DenseMatricesTests", dependencies: ["DenseMatrices", "PairbathTestSupport", complex], swiftSettings: swiftSettings),
    .testTarget(name: "SpecialFunctionsTests", dependencies: ["SpecialFunctions", complex], swiftSettings: swiftSettings),
    .testTarget(name: "BoundedSearchTests", dependencies: ["BoundedSearch"], swiftSettings: swiftSettings),
    .testTarget(name: "QuadratureTests", dependencies: ["Quadrature"], swiftSettings: swiftSettings),
    .testTarget(
      name: "JunctionModelTests", dependencies: ["JunctionModel", "DenseMatrices", "PairbathTestSupport", complex],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TransportSolversTests",
      dependencies: ["TransportSolvers", "JunctionModel", "DenseMatrices", "Quadrature", "PairbathTestSupport", complex, real],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "JunctionFilesTests",
      dependencies: ["JunctionFiles", "JunctionModel", "TransportSolvers", "RadiativeTransfer", "DenseMatrices", complex],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SweepsTests",
      dependencies: [
        "Sweeps", "TransportSolvers", "RadiativeTransfer", "JunctionModel", "DenseMatrices", "PairbathTestSupport", complex,
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PairbathTestSupportTests", dependencies: ["PairbathTestSupport", "JunctionModel", "DenseMatrices", complex, real],
      swiftSettings: swiftSettings),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "TransportSolvers"], swiftSettings: swiftSettings),
    .testTarget(
      name: "PairbathCommandSupportTests", dependencies: ["PairbathCommandSupport", "Pairbath"], swiftSettings: swiftSettings),
    .testTarget(name: "PairbathTests", dependencies: ["Pairbath"], swiftSettings: swiftSettings),
    .testTarget(
      name: "RadiativeTransferTests",
      dependencies: ["RadiativeTransfer", "JunctionModel", "TransportSolvers", "PairbathTestSupport", complex, real],
      swiftSettings: swiftSettings),
    // Runs the models of the folder Examples and checks what their READMEs say.
    .testTarget(
      name: "ExamplesTests", dependencies: ["Pairbath", "PairbathTestSupport"], swiftSettings: swiftSettings),
  ]
)
