import TransportResults

extension ObservableDefinition {
  package static let onsagerMatrix = ObservableDefinition(
    .response([
      ResponseReading(.onsagerChargeCharge) { $0.matrix[$0.matrix.charge($1[0]), $0.matrix.charge($1[1])] },
      ResponseReading(.onsagerChargeHeat) { $0.matrix[$0.matrix.charge($1[0]), $0.matrix.terminalHeat($1[1])] },
      ResponseReading(.onsagerHeatCharge) { $0.matrix[$0.matrix.terminalHeat($1[0]), $0.matrix.charge($1[1])] },
      ResponseReading(.onsagerHeatHeat) { $0.matrix[$0.matrix.terminalHeat($1[0]), $0.matrix.terminalHeat($1[1])] },
    ]))

  package static let linearConductance = ObservableDefinition(
    .response([
      ResponseReading(.linearConductance) { $0.conductance($1[0], $1[1]) },
      ResponseReading(.linearConductancePair) { $0.pairConductance($1[0], $1[1]) },
    ]))

  package static let seebeck = ObservableDefinition(
    .response([
      ResponseReading(.seebeckElectrode) { $0.seebeck($1[0], $1[1]) },
      ResponseReading(.seebeckBoson) { $0.bosonSeebeck($1[0], $1[1], bath: $1[2]) },
    ]))

  package static let peltier = ObservableDefinition(
    .response([
      ResponseReading(.peltierElectrode) { $0.peltier($1[0], $1[1]) },
      ResponseReading(.peltierBoson) { $0.bosonPeltier($1[0], $1[1], bath: $1[2]) },
    ]))

  package static let linearThermalConductance = ObservableDefinition(
    .response([
      ResponseReading(.linearThermalConductance) { $0.thermalConductance($1[0], $1[1]) },
      ResponseReading(.linearThermalConductancePair) { $0.pairThermalConductance($1[0], $1[1]) },
      ResponseReading(.linearThermalConductanceBoson) { $0.bosonThermalConductance(bath: $1[0]) },
    ]))

  package static let figureOfMerit = ObservableDefinition(
    .response([
      ResponseReading(.figureOfMeritElectrode) { $0.figureOfMerit($1[0], $1[1]) },
      ResponseReading(.figureOfMeritBoson) { $0.bosonFigureOfMerit($1[0], $1[1], bath: $1[2]) },
    ]))
}
