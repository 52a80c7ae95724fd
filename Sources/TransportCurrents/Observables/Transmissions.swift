import TransportResults

extension ObservableDefinition {
  package static let transmission = ObservableDefinition(
    .transmission(
      ResultQuantity(
        "transmission", [.electrode, .electrode2, .energy], .dimensionless,
        "elastic transmission Tr[Gamma_a G Gamma_b G^+] per spin", symbol: "*τ*", title: "Transmission")))

  package static let phononTransmission = ObservableDefinition(
    .phononTransmission(
      ResultQuantity(
        "phonon_transmission", [.bath, .bath2, .frequency], .dimensionless,
        "transmission Tr[Gamma_p D Gamma_q D^+] of the bosons from bath2 to bath, without electrons", symbol: "*τ*",
        title: "Phonon transmission")))
}
