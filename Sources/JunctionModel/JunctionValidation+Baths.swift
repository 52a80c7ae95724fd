import ComplexModule
import DenseMatrices
import RealModule

extension JunctionValidation {
  /// The numbers of a bath: finite, passive, of the right shape.
  static func check(_ kind: BosonBathKind, of bath: BosonBath, at path: [String]) throws(ModelError) {
    let count = bath.coordinates.count
    switch kind {
    case .ohmic(let friction):
      try requireNotNegative(friction, at: path + ["friction"])
    case .closed(let bath):
      for (parameter, number) in zip(bath.form.parameters, bath.numbers) {
        guard parameter.isPositive else {
          try requireNotNegative(number, at: path + [parameter.key])
          continue
        }
        guard number.isFinite && number > 0 else {
          throw ModelError(.outOfRange, at: path + [parameter.key], found: "\(number)", allowed: "a positive energy")
        }
      }
    case .chain(let lead):
      guard count == 1 else {
        throw ModelError(
          .wrongShape, at: path + ["coordinates"], found: "\(count) coordinates", allowed: "exactly one for a chain",
          hint: "Name the coordinate the chain is joined to; use kind: periodic for wider leads")
      }
      guard lead.spring.isFinite && lead.spring > 0 else {
        throw ModelError(.outOfRange, at: path + ["spring"], found: "\(lead.spring)", allowed: "a positive number, energy^2")
      }
      try requireNotNegative(lead.onsite, at: path + ["onsite"])
      guard lead.coupling.isFinite else { throw notFinite(lead.coupling, at: path + ["coupling"]) }
    case .periodic(let lead): try check(lead, coordinates: count, at: path)
    case .table(let table): try check(table, coordinates: count, at: path)
    }
  }

  private static func requireNotNegative(_ value: Double, at path: [String]) throws(ModelError) {
    guard value.isFinite && value >= 0 else {
      throw ModelError(.outOfRange, at: path, found: "\(value)", allowed: "a finite number, zero or positive")
    }
  }

  private static func check(_ lead: PeriodicBosonLead, coordinates: Int, at path: [String]) throws(ModelError) {
    let cell = lead.cellSize
    guard cell > 0 else { throw ModelError(.missing, at: path + ["K00"], found: "no coordinates", allowed: "at least one") }
    try requireSquare(lead.k00, at: path + ["K00"])
    try requireFinite(lead.k00, at: path + ["K00"])
    try requireRealSymmetric(lead.k00, at: path + ["K00"])
    try requireShape(lead.k01, cell, cell, at: path + ["K01"])
    try requireFinite(lead.k01, at: path + ["K01"])
    guard lead.k01.isReal else {
      throw ModelError(.inconsistent, at: path + ["K01"], found: "complex entries", allowed: "a real matrix")
    }
    if let coupling = lead.coupling {
      try requireShape(coupling, coordinates, cell, at: path + ["coupling"])
      try requireFinite(coupling, at: path + ["coupling"])
      guard coupling.isReal else {
        throw ModelError(.inconsistent, at: path + ["coupling"], found: "complex entries", allowed: "a real matrix")
      }
    } else if coordinates != cell {
      throw ModelError(
        .wrongShape, at: path + ["coordinates"], found: "\(coordinates) coordinates",
        allowed: "\(cell), as in a cell of the lead",
        hint: "Give the block 'coupling' (coordinates, cell) when the lead is joined differently")
    }
    try requireStableBulk(lead, at: path)
  }

  /// K(k) = K00 + K01 e^ik + K01^T e^-ik must have no eigenvalue W^2 < 0; 33 wave numbers from 0 to pi are looked at.
  private static func requireStableBulk(_ lead: PeriodicBosonLead, at path: [String]) throws(ModelError) {
    let scale = max(lead.k00.largestMagnitude, lead.k01.largestMagnitude)
    var softest = (square: 0.0, number: 0.0)
    for i in 0...32 {
      let number = Double(i) / 32
      let hop = Scalar(.cos(.pi * number), .sin(.pi * number)) * lead.k01
      let smallest = try eigenvalues(of: lead.k00 + hop + hop.adjoint, at: path + ["K00"]).first ?? 0
      if smallest < softest.square { softest = (smallest, number) }
    }
    guard softest.square >= -1e-6 * scale else {
      throw ModelError(
        .notPositiveSemidefinite, at: path + ["K00"],
        found:
          "a lead with an imaginary mode, W = \(short((-softest.square).squareRoot()))i at the wave number \(softest.number) pi",
        allowed: "a stable lead, W^2 >= 0 for every wave number",
        hint: "Relax the lead, or impose the acoustic sum rule on K00 and K01")
    }
  }
}
