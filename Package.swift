// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny")
]

let complex = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")
let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let numerics: [Target.Dependency] = [
  "Cancellation", "DenseMatrices", "SpecialFunctions", "Quadrature", "JunctionModel", complex, real,
]
let solvers: [Target.Dependency] = [
  "Cancellation", "JunctionModel", "TransportResults", "ElectronSpectra", "BosonPropagators", "TransportCurrents",
  "SecondOrderTransport",
  "TerminalTransport", "RadiativeTransfer",
]

let package = Package(
  name: "Pairbath",
  products: [
    .library(name: "Pairbath", targets: ["Pairbath"]),
    .executable(name: "pairbath", targets: ["pairbath"]),
    // The C library, of which `make library` makes libpairbath.so.
    .library(name: "PairbathC", type: .static, targets: ["PairbathCABI"]),
  ],
  traits: [
    // Off unless asked for: nothing of MPI is looked for then. `make mpi` asks.
    .trait(name: "MPI", description: "Several processes compute one model: `mpirun -n N pairbath run MODEL`."),
    // Off too, so that nobody else waits for a web server to build. `make explorer` asks.
    .trait(name: "Explorer", description: "A live page about a model: `pairbath explore MODEL`."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // L0: link lines and prototypes, no logic. Exactly one Swift target imports each.
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"])]),
    .target(name: "CLinearAlgebra", dependencies: ["COpenBLAS"]),
    // Linked into the command only: it acts before main.
    .target(name: "CStartGuard", dependencies: ["COpenBLAS"]),
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .target(name: "CContainedReader", dependencies: ["CNetCDF"]),
    .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev"])]),
    // L1: processes that compute one result together; MPI itself only where the package is built with it.
    .target(name: "ProcessGroups", swiftSettings: swiftSettings),
    .target(
      name: "MessagePassing", dependencies: ["ProcessGroups", .target(name: "CMPI", condition: .when(traits: ["MPI"]))],
      swiftSettings: swiftSettings),
    // L1: files and foreign text, without physics.
    .target(name: "SystemFiles", dependencies: ["Cancellation"], swiftSettings: swiftSettings),
    // L1: numerics without physics.
    .target(name: "Cancellation", swiftSettings: swiftSettings),
    .target(name: "BoundedSearch", dependencies: ["CNLopt", real], swiftSettings: swiftSettings),
    .target(
      name: "DenseMatrices", dependencies: ["Cancellation", "COpenBLAS", "CLinearAlgebra", complex, real],
      swiftSettings: swiftSettings),
    .target(name: "SpecialFunctions", dependencies: [complex, real], swiftSettings: swiftSettings),
    .target(name: "Quadrature", dependencies: ["Cancellation", complex, real], swiftSettings: swiftSettings),
    // L2: what the system is, and what every solver, file, figure and command shares.
    .target(
      name: "JunctionModel", dependencies: ["Cancellation", "DenseMatrices", "Quadrature", complex, real],
      swiftSettings: swiftSettings),
    .target(name: "TransportResults", dependencies: ["Cancellation", "JunctionModel", real], swiftSettings: swiftSettings),
    // L3: what one computes.
    .target(name: "ElectronSpectra", dependencies: numerics + ["TransportResults"], swiftSettings: swiftSettings),
    .target(
      name: "BosonPropagators", dependencies: numerics + ["ElectronSpectra", "TransportResults"], swiftSettings: swiftSettings),
    .target(
      name: "TransportCurrents", dependencies: numerics + ["BosonPropagators", "ElectronSpectra", "TransportResults"],
      swiftSettings: swiftSettings),
    .target(
      name: "SecondOrderTransport",
      dependencies: numerics + ["BosonPropagators", "ElectronSpectra", "TransportCurrents", "TransportResults"],
      swiftSettings: swiftSettings),
    .target(name: "TerminalTransport", dependencies: numerics + ["TransportResults"], swiftSettings: swiftSettings),
    .target(
      name: "RadiativeTransfer",
      dependencies: ["Cancellation", "SpecialFunctions", "JunctionModel", "Quadrature", "TransportResults", real],
      swiftSettings: swiftSettings),
    // L4: files, sweeps, figures.
    .target(name: "DataFiles", dependencies: ["CNetCDF", "CContainedReader", "SystemFiles"], swiftSettings: swiftSettings),
    // Optical constants of refractiveindex.info, for models and imports.
    .target(
      name: "OpticalTables", dependencies: ["DataFiles", .product(name: "Yams", package: "Yams")], swiftSettings: swiftSettings),
    .target(
      name: "ModelFiles",
      dependencies: [
        "Cancellation", "SystemFiles", "DataFiles", "OpticalTables", "DenseMatrices", "JunctionModel", "Quadrature",
        "TransportResults",
        "TerminalTransport",
        "RadiativeTransfer", complex, .product(name: "Yams", package: "Yams"),
      ], swiftSettings: swiftSettings),
    // Other programs' files: they become models and data files, and know nothing of solvers.
    .target(
      name: "ForeignFormats",
      dependencies: [
        "SystemFiles", "DataFiles", "OpticalTables", "DenseMatrices", "Quadrature", "JunctionModel", complex,
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: swiftSettings),
    .target(
      name: "ResultFiles", dependencies: ["SystemFiles", "DataFiles", "JunctionModel", "TransportResults"],
      swiftSettings: swiftSettings),
    .target(
      name: "Sweeps", dependencies: solvers + ["SystemFiles", "DataFiles", "DenseMatrices", "Quadrature", complex],
      swiftSettings: swiftSettings),
    // Runs that outlive their process, and runs of several processes.
    .target(
      name: "DistributedSweeps",
      dependencies: ["ProcessGroups", "SystemFiles", "DataFiles", "TransportResults", "Sweeps"], swiftSettings: swiftSettings),
    .target(
      name: "Figures", dependencies: ["Cancellation", "SystemFiles", "DataFiles", "JunctionModel", "TransportResults"],
      swiftSettings: swiftSettings),
    // L5: what a user of the library imports.
    .target(
      name: "Pairbath",
      dependencies: [
        "Cancellation", "DataFiles", "DenseMatrices", "JunctionModel", "TransportResults", "TerminalTransport",
        "RadiativeTransfer", "ModelFiles",
        "ResultFiles", "Sweeps", "Figures",
      ],
      swiftSettings: swiftSettings),
    // L6: the command; what it prints and how it fails is apart, so that tests can import it.
    .target(
      name: "PairbathCommandSupport",
      dependencies: ["Cancellation", "SystemFiles", "Pairbath", "ForeignFormats", "BoundedSearch", "TransportCurrents"],
      swiftSettings: swiftSettings),
    // L6: what answers the questions of a live page about a model, and the server that takes them.
    .target(
      name: "Exploration",
      dependencies: [
        "Cancellation", "SystemFiles", "DataFiles", "DenseMatrices", "ElectronSpectra", "ResultFiles", "Pairbath",
        "PairbathCommandSupport",
      ], path: "Explorer/Sources/Exploration", swiftSettings: swiftSettings),
    .target(
      name: "ExplorerServer",
      dependencies: [
        "Exploration", .product(name: "FlyingFox", package: "FlyingFox", condition: .when(traits: ["Explorer"])),
        .product(name: "FlyingSocks", package: "FlyingFox", condition: .when(traits: ["Explorer"])),
      ], path: "Explorer/Sources/ExplorerServer", swiftSettings: swiftSettings),
    .executableTarget(
      name: "pairbath",
      dependencies: [
        "CStartGuard", "Exploration", "ExplorerServer", "Cancellation", "MessagePassing", "ProcessGroups", "SystemFiles",
        "DataFiles", "ForeignFormats",
        "ResultFiles", "DistributedSweeps", "Pairbath", "PairbathCommandSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Sources/PairbathCommand", swiftSettings: swiftSettings),
    // The same as a C library, for Python and others; its header is a target of its own.
    .target(name: "CPairbath"),
    .target(
      name: "PairbathCABI",
      dependencies: [
        "CPairbath", "SystemFiles", "DataFiles", "ModelFiles", "ResultFiles", "Sweeps", "Pairbath", "PairbathCommandSupport",
      ], swiftSettings: swiftSettings),
    // Slow textbook twins, random junctions, law checkers: imported by tests and benchmarks only.
    .target(
      name: "PairbathTestSupport",
      dependencies: solvers + ["DenseMatrices", "ProcessGroups", "Quadrature", complex, real],
      swiftSettings: swiftSettings),
    // Tags of the four kinds of tests.
    .target(name: "TestKinds", swiftSettings: swiftSettings),
    // Checks and measures message passing under mpirun: `make test-mpi`.
    .executableTarget(
      name: "pairbath-mpi-check", dependencies: ["MessagePassing", "ProcessGroups"], path: "Tests/MPI/Check",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ProcessGroupsTests", dependencies: ["MessagePassing", "ProcessGroups", "PairbathTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(name: "CancellationTests", dependencies: ["Cancellation"], swiftSettings: swiftSettings),
    .testTarget(
      name: "DenseMatricesTests", dependencies: ["TestKinds", "DenseMatrices", "PairbathTestSupport", complex],
      swiftSettings: swiftSettings),
    .testTarget(name: "SystemFilesTests", dependencies: ["SystemFiles"], swiftSettings: swiftSettings),
    .testTarget(
      name: "SpecialFunctionsTests", dependencies: ["TestKinds", "SpecialFunctions", complex], swiftSettings: swiftSettings),
    .testTarget(name: "BoundedSearchTests", dependencies: ["TestKinds", "BoundedSearch"], swiftSettings: swiftSettings),
    .testTarget(name: "QuadratureTests", dependencies: ["TestKinds", "Quadrature"], swiftSettings: swiftSettings),
    .testTarget(
      name: "JunctionModelTests", dependencies: ["TestKinds", "JunctionModel", "DenseMatrices", "PairbathTestSupport", complex],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TransportCurrentsTests",
      dependencies: solvers + ["TestKinds", "DenseMatrices", "Quadrature", "PairbathTestSupport", complex, real],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ElectronSpectraTests",
      dependencies: solvers + ["TestKinds", "DenseMatrices", "Quadrature", "PairbathTestSupport", complex, real],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "BosonPropagatorsTests", dependencies: solvers + ["TestKinds", "DenseMatrices", "PairbathTestSupport", complex],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TerminalTransportTests",
      dependencies: ["TestKinds", "JunctionModel", "TransportResults", "TerminalTransport", "PairbathTestSupport", real],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "DataFilesTests", dependencies: ["SystemFiles", "DataFiles", "PairbathTestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "OpticalTablesTests", dependencies: ["OpticalTables", "DataFiles", "PairbathTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ForeignFormatsTests",
      dependencies: ["ForeignFormats", "DataFiles", "DenseMatrices", "Pairbath", "PairbathTestSupport", complex],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ResultFilesTests",
      dependencies: [
        "SystemFiles", "DataFiles", "ModelFiles", "ResultFiles", "JunctionModel", "TransportResults", "PairbathTestSupport",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ModelFilesTests",
      dependencies: solvers + [
        "TestKinds",
        "SystemFiles", "ModelFiles", "ResultFiles", "DataFiles", "DenseMatrices", "Quadrature", "PairbathTestSupport", complex,
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SweepsTests",
      dependencies: [
        "TestKinds",
        "Sweeps", "DenseMatrices", "Quadrature", "PairbathTestSupport", complex,
      ] + solvers,
      swiftSettings: swiftSettings),
    .testTarget(
      name: "DistributedSweepsTests",
      dependencies: ["DistributedSweeps", "ProcessGroups", "Sweeps", "TransportResults", "Pairbath", "PairbathTestSupport"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PairbathTestSupportTests",
      dependencies: ["TestKinds", "PairbathTestSupport", "JunctionModel", "DenseMatrices", complex, real],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "FiguresTests", dependencies: ["Figures", "SystemFiles", "JunctionModel", "TransportResults"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PairbathCommandSupportTests", dependencies: ["PairbathCommandSupport", "SystemFiles", "Pairbath"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ExplorationTests", dependencies: ["Exploration", "ExplorerServer", "SystemFiles", "PairbathTestSupport"],
      path: "Explorer/Tests/ExplorationTests", swiftSettings: swiftSettings),
    .testTarget(name: "PairbathCABITests", dependencies: ["CPairbath", "PairbathCABI"], swiftSettings: swiftSettings),
    .testTarget(
      name: "PairbathTests",
      dependencies: [
        "TestKinds",
        "Pairbath", "PairbathTestSupport", "JunctionModel", "TransportResults", "TransportCurrents", "TerminalTransport",
        "RadiativeTransfer", "Sweeps",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "RadiativeTransferTests",
      dependencies: [
        "TestKinds", "RadiativeTransfer", "JunctionModel", "TransportResults", "PairbathTestSupport", complex, real,
      ],
      swiftSettings: swiftSettings),
    // Runs the models of the folder Examples and checks what their READMEs say.
    .testTarget(
      name: "ExamplesTests", dependencies: ["TestKinds", "Pairbath", "PairbathTestSupport"], swiftSettings: swiftSettings),
  ]
)
