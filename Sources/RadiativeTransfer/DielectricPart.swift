/// A named term of a dielectric function; the terms of a `Material` add up.
///
/// Whether a part is *interband* decides what drives its thermal emission: pairs of electrons and holes held apart by a
/// voltage V emit photons of chemical potential nu = eV [07:C8], every other loss mechanism emits with nu = 0
/// (Theory.md section 12).
package struct DielectricPart: Sendable, Equatable {
  /// The user's name, unique in the material.
  package let name: String
  /// Its contribution to eps(w).
  package let form: DielectricForm
  /// Gap energy E_g > 0, eV, above which this part is interband absorption; nil for a part that carries no chemical potential.
  package let interbandGap: Double?

  /// A part of a dielectric function.
  ///
  /// `.criticalPoint` and `.absorptionEdge` are interband by nature, with their own gap; for a `.table` the gap may be given.
  /// A gap for any other form is refused by `Material`.
  package init(_ name: String, _ form: DielectricForm, interbandGap: Double? = nil) {
    self.name = name
    self.form = form
    switch form {
    case .criticalPoint(let gap, _), .absorptionEdge(let gap, _, _, _): self.interbandGap = interbandGap ?? gap
    default: self.interbandGap = interbandGap
    }
  }
}

/// The forms of a term of eps(w) at w > 0, time dependence e^{-iwt}: Im eps >= 0 is loss. All energies in eV.
package enum DielectricForm: Sendable, Equatable {
  /// A number, eps_inf of transparent media; imaginary part >= 0.
  case constant(real: Double, imaginary: Double = 0)
  /// -w_p^2/(w (w + i g)): free carriers; w_p contains the background's eps_inf, w_p^2 = n e^2/(eps_0 m).
  case drude(plasmaEnergy: Double, damping: Double)
  /// S w_0^2/(w_0^2 - w^2 - i g w): an oscillator that adds S at w = 0.
  case lorentz(strength: Double, resonance: Double, damping: Double)
  /// eps_inf (w^2 - w_L^2 + i g w)/(w^2 - w_T^2 + i g w): a polar phonon *with* its eps_inf.
  case polarPhonon(highFrequency: Double, longitudinal: Double, transverse: Double, damping: Double)
  /// A E_g^{-3/2} x^{-2} [2 - (1+x)^{1/2} - (1-x)^{1/2}], x = (w + i0)/E_g: a direct gap (three-dimensional M0 critical point),
  /// real and imaginary parts consistent with Kramers and Kronig; Im = A (w - E_g)^{1/2}/w^2 above E_g, 0 below.
  ///
  /// S. Adachi, J. Appl. Phys. 66, 6030 (1989). `amplitude` A in eV^{3/2}.
  case criticalPoint(gap: Double, amplitude: Double)
  /// i n alpha(w) hbar c/w with alpha = a [(w - E_g)/eV]^p above E_g, 0 below: measured absorption; no real part, which
  /// the other parts must bring (not consistent with Kramers and Kronig). `absorption` a in 1/m, exponent p (1/2 direct, 2
  /// indirect), real refractive index n.
  case absorptionEdge(gap: Double, absorption: Double, exponent: Double, index: Double)
  /// Measured or computed values, interpolated; nothing outside.
  case table(PermittivityTable)
}
