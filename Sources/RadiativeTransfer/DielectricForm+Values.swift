import JunctionModel
import RealModule

extension DielectricForm {
  /// The term at w > 0, eV.
  func value(at w: Double) -> Phasor {
    switch self {
    case .constant(let real, let imaginary): return Phasor(real, imaginary)
    case .drude(let plasma, let damping):
      // -w_p^2/(w (w + i g)) = w_p^2 (-1 + i g/w)/(w^2 + g^2)
      let scale = plasma * plasma / (w * w + damping * damping)
      return Phasor(-scale, scale * damping / w)
    case .lorentz(let strength, let resonance, let damping):
      return Phasor(strength * resonance * resonance) / Phasor((resonance - w) * (resonance + w), -damping * w)
    case .polarPhonon(let high, let longitudinal, let transverse, let damping):
      // eps_inf [1 + (w_L^2 - w_T^2)/(w_T^2 - w^2 - i g w)]: Im eps without cancellation.
      let split = (longitudinal - transverse) * (longitudinal + transverse)
      let resonant = Phasor(split) / Phasor((transverse - w) * (transverse + w), -damping * w)
      return Phasor(high * (1 + resonant.x), high * resonant.y)
    case .criticalPoint(let gap, let amplitude): return Self.criticalPoint(w, gap, amplitude)
    case .absorptionEdge(let gap, let absorption, let exponent, let index):
      guard w > gap else { return Phasor(0) }
      return Phasor(0, index * absorption * Double.pow(w - gap, exponent) * RadiationUnits.hbarC / w)
    case .table(let table): return table.value(at: w)
    }
  }

  private static func criticalPoint(_ w: Double, _ gap: Double, _ amplitude: Double) -> Phasor {
    let x = w / gap
    let scale = amplitude / (gap * gap.squareRoot())
    // 2 - sqrt(1+x) - sqrt(1-x) = x [x/(1 + s)] form below the gap: no cancellation at small x.
    if x < 1 {
      let s = ((1 - x) * (1 + x)).squareRoot()
      // (sqrt(1+x) + sqrt(1-x))^2 = 2 (1 + s); 2 - t = (4 - t^2)/(2 + t) = 2 (1 - s)/(2 + t), 1 - s = x^2/(1 + s).
      let t = (2 * (1 + s)).squareRoot()
      return Phasor(scale * 2 / ((1 + s) * (2 + t)))
    }
    return Phasor(scale * (2 - (1 + x).squareRoot()) / (x * x), scale * (x - 1).squareRoot() / (x * x))
  }

  /// Photon energies near which the term changes fast.
  var characteristicEnergies: [Double] {
    switch self {
    case .constant: return []
    case .drude(let plasma, let damping): return [plasma, damping]
    case .lorentz(let strength, let resonance, _): return [resonance, resonance * (1 + max(0, strength)).squareRoot()]
    case .polarPhonon(_, let longitudinal, let transverse, _): return [longitudinal, transverse]
    case .criticalPoint(let gap, _), .absorptionEdge(let gap, _, _, _): return [gap]
    case .table(let table): return table.energies
    }
  }
}
