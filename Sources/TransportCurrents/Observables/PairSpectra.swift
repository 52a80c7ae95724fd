import TransportResults

extension ObservableDefinition {
  private static let dimensions: [StandardDimension] = [.channel, .mode, .mode2, .frequency]
  private static let matrix = "matrix in the mode indices; ri = (real, imaginary part)"

  private static func quantity(_ name: String, _ words: String, _ symbol: String, _ title: String) -> ResultQuantity {
    ResultQuantity(name, dimensions, .spectrum, words, sign: matrix, symbol: symbol, title: title, isComplex: true)
  }

  package static let emission = ObservableDefinition(
    .pairSpectrum(
      PairSpectrumReading(
        quantity("emission", "emission spectrum of each pair channel", "*E*", "Emission"),
        value: { $0.emission[$1] }, error: { $0.emissionError[$1] })))

  package static let absorption = ObservableDefinition(
    .pairSpectrum(
      PairSpectrumReading(
        quantity("absorption", "absorption spectrum of each pair channel", "*B*", "Absorption"),
        value: { $0.absorption[$1] }, error: { $0.absorptionError[$1] })))

  package static let pairDensity = ObservableDefinition(
    .pairSpectrum(
      PairSpectrumReading(
        quantity(
          "pair_density", "coupling-weighted pair density of states of each channel, absorption minus emission", "Λ",
          "Pair density"),
        value: { $0.density[$1] }, error: { $0.densityError[$1] })))

  package static let powerSpectrum = ObservableDefinition(
    .pairSpectrum(
      PairSpectrumReading(
        quantity(
          "power_spectrum", "power spectrum of each pair channel, mean of emission and absorption", "*P*", "Power spectrum"),
        value: { 0.5 * ($0.emission[$1] + $0.absorption[$1]) }, error: { 0.5 * ($0.emissionError[$1] + $0.absorptionError[$1]) }))
  )
}
