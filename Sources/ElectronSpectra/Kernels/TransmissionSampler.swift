import DenseMatrices
import TransportResults

/// Tr[Gamma_a G Gamma_b G^+] times the spin degeneracy: the elastic kernel, one column per ordered pair of electrodes.
package struct TransmissionSampler: PointSampler {
  package let factors: SpectralFactors
  package let spinDegeneracy: Double
  package let channels: Int
  package let columns = 1
  package let diagonals = 1

  package init(_ factors: SpectralFactors, spinDegeneracy: Double) {
    self.factors = factors
    self.spinDegeneracy = spinDegeneracy
    let electrodes = factors.offsets.count - 1
    channels = electrodes * electrodes
  }

  package func bounds(of column: Int) -> (Int, Int) { (0, 0) }

  package mutating func sample(
    at energy: Double, values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) throws {
    let transmissions = try factors.sampledTransmissions(at: energy)
    let electrodes = factors.offsets.count - 1
    for channel in 0..<channels {
      let isReflection = channel % (electrodes + 1) == 0
      values[channel] = isReflection ? 0 : spinDegeneracy * transmissions[channel].value
      rounding[channel] = isReflection ? 0 : spinDegeneracy * transmissions[channel].error
    }
  }
}
