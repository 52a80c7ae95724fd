extension Duration {
  /// As a number of seconds.
  package var inSeconds: Double { Double(components.seconds) + 1e-18 * Double(components.attoseconds) }
}
