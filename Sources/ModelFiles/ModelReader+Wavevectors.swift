import DataFiles
import JunctionModel
import TransportResults

extension ModelReader {
  /// Numbers that are averages of those of single wave vectors; others are not (a ratio of averages, noise of bosons that all share).
  private static let averaged: [Observable] = [
    .chargeCurrent, .electrodeHeatCurrent, .transmission, .conductance, .iets, .entropyProduction, .chargeNoise,
  ]

  /// Refuses what averages over wave vectors do not give.
  func checkWavevectors(_ bosons: BosonSystem, _ settings: ComputeSettings) throws(FileError) {
    guard let node = root.value.node["k_points"] else { return }
    let value = root.value.child(node, "k_points")
    guard bosons.count == 0 else {
      throw value.fail(
        .notSupported, found: "wave vectors together with bosons", allowed: "electrons alone",
        hint: "bosons take energy from electrons of all wave vectors at once; leave bosons out, or k_points")
    }
    guard settings.rectifications.isEmpty else {
      throw value.fail(
        .notSupported, found: "wave vectors together with compute.rectification",
        allowed: "currents: a ratio of averages is no average of ratios",
        hint: "leave rectification out, and form the ratio of the averages")
    }
    guard let other = settings.observables.first(where: { !Self.averaged.contains($0) }) else { return }
    throw value.fail(
      .notSupported, found: "\(other.rawValue), which is no average over wave vectors",
      allowed: Self.averaged.map(\.rawValue).joined(separator: ", "))
  }

  /// Axes over which results are averaged so that nothing of them stays: that of wave vectors.
  var hiddenAxes: [String] { root.value.node["k_points"] == nil ? [] : [SweepAxisPlan.wavevectorName] }
}
