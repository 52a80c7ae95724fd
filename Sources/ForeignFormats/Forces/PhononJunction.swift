import DataFiles
import DenseMatrices

/// A phonon junction cut out of force constants: a device between two half-infinite leads of principal layers.
///
/// K of the device, K00 and K01 of each lead (K01 from a layer to the next one away from the device), and the springs between device and
/// first layer. Springs that reach farther are left out; the diagonal 3x3 blocks then follow from the acoustic sum rule,
/// Phi_ii = -sum_j Phi_ij over the springs that are kept, so that uniform translations stay free.
struct PhononJunction {
  let title: String
  let program: String
  let forces: ForceConstants
  let device: [Int]
  let left: LeadLayers
  let right: LeadLayers

  /// Springs left out may be this share of the largest one.
  private static let largestShareLeftOut = 0.05

  /// Leads of more atoms per layer have so many band edges that the integral over them is left to the user.
  static let largestIntegratedLead = 4

  /// Reads `--device`, `--left` and `--right`. Throws where they overlap, or rows of force constants are missing.
  init(title: String, program: String, forces: ForceConstants, request: ImportRequest) throws(FileError) {
    func atoms(_ option: ImportOption) throws(FileError) -> [Int] {
      guard let text = request.options[option] else {
        throw FileError(
          .missingKey, in: option.flag, found: "nothing", allowed: "atoms, beside those of the other two",
          hint: "a phonon junction has --device, --left and --right; without all three the modes are imported")
      }
      return try AtomSelection.atoms(text, count: forces.count, option: option)
    }
    let (device, leftAtoms, rightAtoms) = (try atoms(.device), try atoms(.left), try atoms(.right))
    let pairs: [(ImportOption, [Int], ImportOption, [Int])] = [
      (.device, device, .left, leftAtoms), (.device, device, .right, rightAtoms), (.left, leftAtoms, .right, rightAtoms),
    ]
    for (first, a, second, b) in pairs {
      let common = Set(a).intersection(b)
      guard common.isEmpty else {
        throw FileError(
          .outOfRange, in: second.flag, found: "atoms \(AtomSelection.words(Array(common))), which \(first.flag) has too",
          allowed: "every atom in one of the three")
      }
    }
    (self.title, self.program, self.forces, self.device) = (title, program, forces, device)
    left = try LeadLayers(leftAtoms, of: forces, device: device, option: .left)
    right = try LeadLayers(rightAtoms, of: forces, device: device, option: .right)
    let missing = (device + left.inner + right.inner).filter { !forces.isKnown($0) }
    guard missing.isEmpty else {
      throw FileError(
        .invalidData, in: forces.path, found: "no force constants of atoms \(AtomSelection.words(missing))",
        allowed: "those of the device and of the layers beside it", hint: "displace these atoms too")
    }
  }

  /// True when a request asks for a junction.
  static func isAsked(by request: ImportRequest) -> Bool {
    [ImportOption.device, .left, .right].contains { request.options[$0] != nil }
  }

  /// The model. Throws `invalidData` where springs reach too far, the sum rule is violated, or the device is unstable.
  func imported() throws(FileError) -> ImportedModel {
    try forces.requireSumRule()
    let cut = try springsLeftOut()
    var data = JunctionData()
    let matrix = forces.massWeighted(deviceBlock, device, device)
    let modes = try ModeReading(matrix, freeMotions: nil, path: forces.path)
    guard modes.imaginary.isEmpty else {
      throw FileError(
        .invalidData, in: forces.path, found: modes.imaginaryWords, allowed: "a device that is stable between fixed leads",
        hint: "project_out would hold them fast; atoms are counted from 1 in the order of --device")
    }
    data.add("dynamical_matrix", matrix, over: ("dof", "dof_column"), unit: "eV2")
    var top = 0.0
    var contacts: [(name: String, coordinates: [Int])] = []
    for (name, lead) in [("L", left), ("R", right)] {
      let inner = forces.massWeighted(leadBlock(lead), lead.inner, lead.inner)
      let outer = forces.massWeighted(forces.block(lead.inner, lead.outer), lead.inner, lead.outer)
      top = max(top, try LeadBand(inner, outer).highest(path: forces.path, lead: name))
      let touching = device.indices.filter { forces.largest(between: [device[$0]], and: lead.inner).value > 0 }
      guard !touching.isEmpty else {
        throw FileError(
          .invalidData, in: forces.path, found: "no spring between the device and the \(name == "L" ? "left" : "right") lead",
          allowed: "leads that are coupled to the device", hint: "--device, --left and --right name neighbouring atoms")
      }
      let coupled = touching.map { device[$0] }
      let coordinates = touching.flatMap { [3 * $0, 3 * $0 + 1, 3 * $0 + 2] }
      data.add("bath_\(name)_K00", inner, over: ("cell_\(name)", "cell_\(name)_column"), unit: "eV2")
      data.add("bath_\(name)_K01", outer, over: ("cell_\(name)", "cell_\(name)_column"), unit: "eV2")
      data.add(
        "bath_\(name)_coupling", forces.massWeighted(forces.block(coupled, lead.inner), coupled, lead.inner),
        over: ("contact_\(name)", "cell_\(name)"), unit: "eV2")
      contacts.append((name, coordinates))
    }
    data.add(
      "masses", device.map { forces.atoms[$0].mass }, over: [("atom", device.count)], attributes: [("units", "amu")])
    return ImportedModel(model: text(contacts, top), data: data, understood: understood(top), leftOut: cut)
  }

  /// Phi of the device with the sum rule over all springs kept, eV/angstrom^2.
  private var deviceBlock: Matrix {
    var block = forces.block(device, device)
    for (i, atom) in device.enumerated() {
      let others = device.filter { $0 != atom } + left.inner + right.inner
      set(&block, i, minus: others.map { other in { (a, b) in self.forces.spring(atom, a, other, b) } })
    }
    return block
  }

  /// Phi of a layer with the sum rule over its neighbours on both sides, eV/angstrom^2.
  private func leadBlock(_ lead: LeadLayers) -> Matrix {
    var block = forces.block(lead.inner, lead.inner)
    for (i, atom) in lead.inner.enumerated() {
      var springs: [(Int, Int) -> Double] = []
      for j in lead.inner.indices {
        if j != i { springs.append { (a, b) in self.forces.spring(atom, a, lead.inner[j], b) } }
        springs.append { (a, b) in self.forces.spring(atom, a, lead.outer[j], b) }
        springs.append { (a, b) in self.forces.spring(lead.outer[i], a, lead.inner[j], b) }
      }
      set(&block, i, minus: springs)
    }
    return block
  }

  private func set(_ block: inout Matrix, _ i: Int, minus springs: [(Int, Int) -> Double]) {
    var sum = [Double](repeating: 0, count: 9)
    for spring in springs { for a in 0..<3 { for b in 0..<3 { sum[3 * a + b] -= spring(a, b) } } }
    for a in 0..<3 { for b in 0..<3 { block[3 * i + a, 3 * i + b] = Scalar(0.5 * (sum[3 * a + b] + sum[3 * b + a]), 0) } }
  }

  /// What is left out, in words. Throws where it is more than a few per cent of the largest spring.
  private func springsLeftOut() throws(FileError) -> [String] {
    let used = Set(device + left.inner + left.outer + right.inner + right.outer)
    let rest = forces.atoms.indices.filter { !used.contains($0) }
    let largest = forces.largest
    let kinds: [(what: String, a: [Int], b: [Int], advice: String)] = [
      ("coupling beyond the neighbouring layer of the left lead", device, left.outer, "principal layers of more atoms in --left"),
      (
        "coupling beyond the neighbouring layer of the right lead", device, right.outer,
        "principal layers of more atoms in --right"
      ),
      ("coupling of the leads past the device", left.inner, right.inner, "a longer device"),
      (
        "coupling to atoms in none of --device, --left, --right", device + left.inner + right.inner, rest,
        "these atoms in one of the three"
      ),
    ]
    var notes: [String] = []
    for kind in kinds where !kind.b.isEmpty {
      let most = forces.largest(between: kind.a, and: kind.b)
      guard most.value > 0 else { continue }
      let size =
        "\(Wording.digits(most.value)) eV/angstrom^2 between atoms \(most.i + 1) and \(most.j + 1), "
        + "\(Wording.digits(100 * most.value / largest)) % of the largest spring"
      guard most.value <= Self.largestShareLeftOut * largest else {
        throw FileError(
          .invalidData, in: forces.path, found: "\(kind.what): \(size)", allowed: "at most 5 % left out",
          hint: "use \(kind.advice)")
      }
      notes.append("\(kind.what), at most \(size)")
    }
    for (name, lead) in [("left", left), ("right", right)] {
      let mismatch = mismatch(lead)
      guard mismatch > 0.01 * largest else { continue }
      notes.append(
        "the difference between the springs that join the \(name) lead to the device and those within it, up to "
          + "\(Wording.digits(mismatch)) eV/angstrom^2 on an atom of the first layer")
    }
    return notes
  }

  /// What the first layer's diagonal would have to differ by from that of the lead: |sum_D Phi(i, D) - sum_j Phi(outer i, inner j)|.
  private func mismatch(_ lead: LeadLayers) -> Double {
    var most = 0.0
    for (i, atom) in lead.inner.enumerated() {
      for a in 0..<3 {
        for b in 0..<3 {
          let joined = device.reduce(0.0) { $0 + forces.spring(atom, a, $1, b) }
          let within = lead.inner.reduce(0.0) { $0 + forces.spring(lead.outer[i], a, $1, b) }
          most = max(most, abs(joined - within))
        }
      }
    }
    return most
  }
}
