import RealModule

/// What a plane wave meets at the surface of a body, one polarisation: tangential fields up to a common factor,
/// so that r = (k_z E - H)/(k_z E + H) with the normal wave number k_z in the gap, and what is absorbed.
struct SurfaceFields {
  /// s: (E_t, k_z1 E_t-like admittance field); p: (H_t, field with k_z/eps).
  var e: Phasor
  var h: Phasor
  /// Re(H E^*) >= 0: the normal energy flux into the body for these fields.
  var flux: Double
  /// Fraction of the flux that interband absorption of biased layers takes.
  var fraction: Double
}

/// A body's dielectric data at one photon energy.
struct SurfaceOptics {
  /// A layer at one photon energy.
  private struct Slab {
    /// Re eps - 1 and Im eps, times w^2.
    var contrast = 0.0
    var loss = 0.0
    var inversePermittivity = Phasor(1)
    var fraction = 0.0
    /// In 1/eV; infinite for the half-space.
    let thickness: Double
  }

  private let body: RadiatingBody
  /// Nil for a black body.
  private let layers: [Layer]?
  private var slabs: [Slab]
  /// Interband fraction of the black body or of the half-space.
  private var bulkFraction = 0.0
  private var energySquare = 0.0
  let isBlack: Bool

  init(_ body: RadiatingBody) {
    self.body = body
    if case .layers(let layers) = body.kind {
      self.layers = layers
      slabs = layers.map { Slab(thickness: $0.thickness / RadiationUnits.hbarC) }
      isBlack = false
    } else {
      layers = nil
      slabs = []
      isBlack = true
    }
  }

  /// Computes everything that depends on w alone. Cost: the dielectric functions of the layers.
  mutating func prepare(at w: Double) {
    energySquare = w * w
    guard let layers else {
      if case .blackBody(let gap?) = body.kind { bulkFraction = w > gap ? 1 : 0 } else { bulkFraction = 0 }
      return
    }
    for (i, layer) in layers.enumerated() {
      let (permittivity, interband) = layer.material.permittivityParts(at: w)
      slabs[i].contrast = (permittivity.x - 1) * energySquare
      slabs[i].loss = permittivity.y * energySquare
      slabs[i].inversePermittivity = permittivity.inverse
      let share = permittivity.y > 0 ? min(1, interband / permittivity.y) : 0
      slabs[i].fraction = layer.isBiased ? share : 0
    }
    bulkFraction = slabs[slabs.count - 1].fraction
  }

  /// Both polarisations for the squared normal wave number `square` = k_z^2 in the gap, negative for evanescent waves.
  @inline(__always)
  func fields(square: Double, _ s: inout SurfaceFields, _ p: inout SurfaceFields) {
    if isBlack {
      let normal = max(square, 0).squareRoot()
      s = SurfaceFields(e: Phasor(1), h: Phasor(normal), flux: normal, fraction: bulkFraction)
      p = s
      return
    }
    slabs.withUnsafeBufferPointer { slabs in
      let last = slabs[slabs.count - 1]
      let normal = Phasor(last.contrast + square, last.loss).upperRoot
      let scaled = normal * last.inversePermittivity
      s = SurfaceFields(e: Phasor(1), h: normal, flux: normal.x, fraction: last.fraction)
      p = SurfaceFields(e: Phasor(1), h: scaled, flux: scaled.x, fraction: last.fraction)
      var i = slabs.count - 2
      while i >= 0 {
        let slab = slabs[i]
        let normal = Phasor(slab.contrast + square, slab.loss).upperRoot
        let film = FilmPhase(normal, thickness: slab.thickness)
        film.cross(normal, slab.fraction, &s)
        film.cross(normal * slab.inversePermittivity, slab.fraction, &p)
        i -= 1
      }
    }
  }

  /// Normal wave numbers in the gap (positive: evanescent kappa, negative: -k_z) at which a layer's light line is crossed.
  func lightLines(_ record: (Double) -> Void) {
    for slab in slabs {
      if slab.contrast > 0 { record(slab.contrast.squareRoot()) }
      if slab.contrast < 0 && -slab.contrast < energySquare { record(-(-slab.contrast).squareRoot()) }
    }
  }

  /// Upper bound, up to a factor, of |r_p| of evanescent waves far from resonance of several layers.
  var largestContrast: Double {
    var largest = 1.0
    var above = Phasor(1)
    for slab in slabs {
      let below = slab.inversePermittivity
      // |eps_a - eps_b|/|eps_a + eps_b| from the inverses.
      largest = max(largest, ((above - below).square / max((above + below).square, 1e-300)).squareRoot())
      above = below
    }
    return largest
  }
}

/// (1 +- e^{2 i k_z t})/2 of a film, and |e^{i k_z t}|^2; nothing grows, and the difference of a thin film does not cancel.
private struct FilmPhase {
  private let sum: Phasor
  private let difference: Phasor
  private let damping: Double

  @inline(__always) init(_ normal: Phasor, thickness: Double) {
    let exponent = -2 * normal.y * thickness
    let angle = normal.x * thickness
    let (sine, cosine) = (Double.sin(angle), Double.cos(angle))
    damping = Double.exp(exponent)
    let lost = exponent > -0.5 ? -Double.expMinusOne(exponent) : 1 - damping
    difference = Phasor(0.5 * lost + damping * sine * sine, -damping * sine * cosine)
    sum = Phasor(1 - difference.x, -difference.y)
  }

  /// From the fields at the bottom of the film to e^{i k_z t} times those at its top; q = k_z (s) or k_z/eps (p).
  ///
  /// E' = E cos - i (H/q) sin, H' = H cos - i q E sin: the film's own absorption appears in Re H'E'^* as q^2 t |E|^2, without
  /// the difference of two nearly equal reflectances.
  @inline(__always) func cross(_ q: Phasor, _ fraction: Double, _ fields: inout SurfaceFields) {
    let e = sum * fields.e + difference * fields.h / q
    let h = sum * fields.h + difference * (q * fields.e)
    let flux = max(0, h.x * e.x + h.y * e.y)
    let passed = flux > 0 ? min(1, damping * fields.flux / flux) : 0
    fields = SurfaceFields(e: e, h: h, flux: flux, fraction: fraction * (1 - passed) + passed * fields.fraction)
  }
}
