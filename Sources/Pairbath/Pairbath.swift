@_exported import DenseMatrices
@_exported import Figures
@_exported import JunctionFiles
@_exported import JunctionModel
@_exported import RadiativeTransfer
@_exported import Sweeps
@_exported import TransportSolvers
