extension PanelKernel {
  /// For the elastic kernel: true when some electron passes from one electrode to another without the bosons.
  package var transmits: Bool {
    let electrodes = Int(Double(channels).squareRoot().rounded())
    return (0..<channels).contains { $0 % (electrodes + 1) != 0 && !vanishing[$0] }
  }
}
