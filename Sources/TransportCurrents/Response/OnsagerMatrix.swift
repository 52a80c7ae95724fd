import TransportResults

/// The linear-response matrix over charge, electrode heats and boson heats, Theory.md section 7:
/// I_x = sum_y L_xy F_y around an equilibrium.
///
/// Currents I leave the reservoir: electrons leaving electrode a, heat leaving electrode a, heat leaving bath p.
/// Forces F are delta mu_a/T, delta T_a/T^2, delta T_p/T^2. Internal units: L is an energy (charge, charge), an energy^2
/// (charge, heat) or an energy^3 (heat, heat).
package struct OnsagerMatrix: Sendable, Equatable {
  /// Number of electrodes.
  package let electrodes: Int
  /// Number of boson baths.
  package let baths: Int
  /// Row-major, shape (order, order); order: charges of the electrodes, heats of the electrodes, heats of the baths.
  package private(set) var elements: [Estimate]

  /// A matrix of zeros.
  package init(electrodes: Int, baths: Int) {
    self.electrodes = electrodes
    self.baths = baths
    let order = 2 * electrodes + baths
    elements = [Estimate](repeating: Estimate(), count: order * order)
  }

  /// Rows: 2 electrodes + baths.
  package var order: Int { 2 * electrodes + baths }
  /// Row of the charge of an electrode.
  package func charge(_ electrode: Int) -> Int { electrode }
  /// Row of the heat of an electrode.
  package func heat(_ electrode: Int) -> Int { electrodes + electrode }
  /// Row of the heat of a bath.
  package func bosonHeat(_ bath: Int) -> Int { 2 * electrodes + bath }
  /// Row of the heat of a terminal: electrodes, then baths.
  package func terminalHeat(_ terminal: Int) -> Int { electrodes + terminal }

  /// L_xy.
  package subscript(x: Int, y: Int) -> Estimate {
    get { elements[x * order + y] }
    set { elements[x * order + y] = newValue }
  }

  /// Sum of two parts, for example elastic and inelastic; error bounds add.
  package static func + (a: OnsagerMatrix, b: OnsagerMatrix) -> OnsagerMatrix {
    precondition(a.electrodes == b.electrodes && a.baths == b.baths, "Onsager matrices of different junctions")
    var sum = a
    for i in sum.elements.indices { sum.elements[i] += b.elements[i] }
    return sum
  }

  package static func += (a: inout OnsagerMatrix, b: OnsagerMatrix) { a = a + b }

  /// Largest error of the charge rows and of the heat rows against the largest diagonal element of their kind: what a
  /// tolerance is compared with. Cost: order^2.
  package var relativeError: Double {
    let isCharge = (0..<order).map { $0 < electrodes }
    func scale(_ charge: Bool) -> Double {
      (0..<order).filter { isCharge[$0] == charge && self[$0, $0].value.isFinite }.reduce(0) { max($0, abs(self[$1, $1].value)) }
    }
    let scales = isCharge.map { scale($0).squareRoot() }
    var worst = 0.0
    for x in 0..<order {
      for y in 0..<order where self[x, y].error > 0 {
        let size = scales[x] * scales[y]
        if size > 1e-290 { worst = max(worst, self[x, y].error / size) }
      }
    }
    return worst
  }
}

/// The parts of an Onsager matrix; the whole is their sum.
package struct OnsagerParts: Sendable, Equatable {
  /// Electrons that keep their energy (Landauer).
  package var elastic: OnsagerMatrix
  /// Electrons that emit or absorb a boson, and heat from bath to bath through the modes.
  package var inelastic: OnsagerMatrix
  /// A place for further responses of charges and electrode heats, such as the elastic correction of second order in M:
  /// whoever computes one puts its matrix (signs and units as in `OnsagerMatrix`) here. Zero until then.
  package var correction: OnsagerMatrix

  package init(electrodes: Int, baths: Int) {
    elastic = OnsagerMatrix(electrodes: electrodes, baths: baths)
    inelastic = elastic
    correction = elastic
  }

  /// elastic + inelastic + correction.
  package var total: OnsagerMatrix { elastic + inelastic + correction }
}

/// What one process takes from a reservoir, a linear form c + c_e e + c_w w in the electron's energy e (from the chemical
/// potential) and the boson's energy w.
package struct ProcessShare {
  package let row: Int
  package var constant = 0.0
  package var electron = 0.0
  package var boson = 0.0

  /// The same with moduli.
  package var modulus: ProcessShare {
    ProcessShare(row: row, constant: abs(constant), electron: abs(electron), boson: abs(boson))
  }
}

/// int r e^i w^j over the equilibrium one-way rate r of a process, i + j <= 2.
package struct RateMoments {
  package var one = Estimate()
  package var e = Estimate()
  package var w = Estimate()
  package var ee = Estimate()
  package var ew = Estimate()
  package var ww = Estimate()
}

extension OnsagerMatrix {
  /// Adds the Gram form sum r v v^T of one process.
  package mutating func add(_ shares: [ProcessShare], _ m: RateMoments) {
    for x in shares {
      for y in shares {
        let cross = x.electron * y.boson + x.boson * y.electron
        var sum = (x.constant * y.constant) * m.one + (x.constant * y.electron + x.electron * y.constant) * m.e
        sum += (x.constant * y.boson + x.boson * y.constant) * m.w
        sum += (x.electron * y.electron) * m.ee + cross * m.ew + (x.boson * y.boson) * m.ww
        self[x.row, y.row] += sum
      }
    }
  }

  /// What an electron takes that leaves electrode a with energy e and ends in b at e - w, the boson in bath p.
  package func shares(from a: Int, to b: Int, bath p: Int) -> [ProcessShare] {
    let boson = ProcessShare(row: bosonHeat(p), boson: -1)
    guard a != b else { return [ProcessShare(row: heat(a), boson: 1), boson] }
    return [
      ProcessShare(row: charge(a), constant: 1), ProcessShare(row: charge(b), constant: -1),
      ProcessShare(row: heat(a), electron: 1), ProcessShare(row: heat(b), electron: -1, boson: 1), boson,
    ]
  }

  /// Adds heat exchange of bath p with bath q: c = T^2 times the thermal conductance.
  package mutating func addBosonHeat(_ p: Int, _ q: Int, _ c: Estimate) {
    let (x, y) = (bosonHeat(p), bosonHeat(q))
    self[x, x] += c
    self[y, y] += c
    self[x, y] -= c
    self[y, x] -= c
  }
}
