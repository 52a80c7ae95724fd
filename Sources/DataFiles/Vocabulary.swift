/// What people call the things of a model and of a result; written as text, because these names are no references to the definitions.
enum Vocabulary {
  /// Words that stand for each other in names; singular, lower case.
  static let synonyms: [Set<String>] = words(
    """
    heat thermal energy
    electrode lead contact terminal
    bath reservoir environment
    boson phonon vibration vibrational photon
    mode phonon vibration vibrational
    charge electric electrical electron
    current flow flux rate
    population occupation number
    noise fluctuation
    broadening gamma width linewidth
    friction damping dissipation eta
    frequency omega
    energy level
    temperature temp
    emission luminescence light
    spectrum spectra
    transmission transmittance
    matrix tensor
    point step count
    bias voltage
    effective mode
    yield efficiency
    chemical electrochemical
    gap distance
    force torque
    coupling interaction
    file path filename
    thickness height
    """
  ).map(Set.init)

  /// Words that say nothing about which name is meant.
  static let fillers = Set(
    words("total mean average net the of value computed steady state").joined())

  /// What a thing is called elsewhere, letters and digits only, with the names it has here.
  static let aliases: [String: [String]] = Dictionary(
    words(
      """
      i charge_current
      j energy_current
      g conductance
      s seebeck overlap
      h hamiltonian
      zt figure_of_merit
      fom figure_of_merit
      merit figure_of_merit
      thermopower seebeck
      kappa linear_thermal_conductance thermal_conductance
      didv conductance
      d2idv2 iets
      onsager onsager_matrix
      fano fano_factor
      cop coefficient_of_performance
      shotnoise charge_noise
      electroluminescence emission_spectrum
      quantumyield photon_yield
      lifetime damping_rate
      q quality_factor
      entropy entropy_production
      phononnumber mode_population
      selfenergy renormalization
      tau transmission transmission_function
      joule energy_current
      heating energy_current
      device conductor
      molecule conductor
      scatterer conductor
      system conductor
      leads electrodes
      contacts electrodes
      phonons bosons
      vibrations bosons
      photons bosons
      reservoirs baths electrodes
      electronphonon coupling
      eph coupling
      scan sweep
      grid sweep
      output observables
      outputs observables
      quantities observables
      settings compute
      options compute
      variables parameters
      constants parameters
      name title
      unit units
      onsite onsite energy
      t hopping T temperature
      mu chemical_potential
      fermi chemical_potential fermi_energy
      nu chemical_potential
      type kind
      model kind
      gamma broadening friction damping
      eta friction
      levels energies
      h0 H00
      h1 H01
      site orbital
      sites orbitals sites
      start from
      begin from
      min from
      stop to
      end to
      max to
      n points
      num points
      log logarithmic
      lin linear
      tol tolerance
      eps tolerance
      accuracy tolerance
      precision tolerance
      asr sum_rule
      acousticsumrule sum_rule
      hessian dynamical_matrix
      forceconstants dynamical_matrix
      dynmat dynamical_matrix
      wbl wide-band
      wideband wide-band
      surface half-space
      halfspace half-space
      slab layers
      film layers
      lorentzdrude drude
      refractiveindex index
      nk index
      epsilon permittivity
      voltage V bias
      bias V bias
      """
    ).map { ($0[0], Array($0.dropFirst())) }, uniquingKeysWith: +)

  /// The words of every line.
  private static func words(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }
}
