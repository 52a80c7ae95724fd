import TransportResults

extension Observable {
  /// The variables with one real number per component and state that the observable brings into a result, with the names of
  /// their leading dimensions; none for spectra and transmissions.
  public var stateVariables: [(name: String, dimensions: [String])] {
    StateVariable.variables(for: self).filter { !$0.isComplex }.map { ($0.name, $0.dimensions) }
  }
}
