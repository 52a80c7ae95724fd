import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import TransportResults

/// The electrons' self-energy of the bosons at one frequency, split into forces.
///
/// Pi_e = (Hermitian part) - i Lambda/2. With real coordinates the force is F = -Pi_e Q: Re Pi_e is stiffness, its symmetric
/// part renormalises K, its antisymmetric part is the nonconservative force; -Im Pi_e/w is friction (symmetric) and the
/// Berry or Lorentz-like force (antisymmetric); Lu et al., Phys. Rev. B 85, 245444 (2012).
package struct ForceSolver {
  private let frequency: Double
  private let kernels: FrequencyKernels
  private let staticKernel: DispersionKernel?
  private let modes: Int
  private let weights = OccupationWeights()
  private let solver = SpectraSolver()

  /// Computes the kernels at a frequency w > 0.
  package init(
    _ prepared: PreparedJunction, frequency: Double, renormalization: ComputeSettings.Renormalization
  ) throws(SolverError) {
    self.frequency = frequency
    modes = prepared.junction.bosons.count
    kernels = FrequencyKernels(
      pairs: try prepared.pairKernel(at: frequency, pairs: .all(count: modes)),
      dispersion: renormalization == .none ? nil : try prepared.dispersionKernel(at: frequency))
    staticKernel = renormalization == .dynamic ? try prepared.dispersionKernel(at: 0) : nil
  }

  /// Pi_e of one state, with an error bound on every element.
  package struct Parts {
    package let matrix: Matrix
    package let frequency: Double
    /// Of the Hermitian part, and of Lambda/2.
    package let dispersionError: Double
    package let spectralError: Double
    package var error: Double { dispersionError + spectralError }
    package var scale: Double { max(matrix.largestMagnitude, 1e-300) }
  }

  /// The parts of a state.
  package func parts(_ state: OperatingState) -> Parts {
    let electrodes = state.chemicalPotentials.count
    var matrix = Matrix(rows: modes, columns: modes)
    var (dispersionError, spectralError) = (0.0, 0.0)
    var dispersion = [Double](repeating: 0, count: modes * modes)
    if let kernel = kernels.dispersion {
      kernel.value(
        chemicalPotentials: state.chemicalPotentials, temperatures: state.temperatures, weights: weights, into: &dispersion, at: 0
      )
      dispersionError += kernel.error
    }
    if let staticKernel {
      let part = staticKernel.equilibriumValue(state, weights: weights)
      for i in dispersion.indices { dispersion[i] -= part[i] }
      dispersionError += staticKernel.error
    }
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        let block = solver.spectra(kernels.pairs, from: a, to: b, electrodes: electrodes, states: [state])
        matrix.elements.withUnsafeMutableBufferPointer {
          PackedHermitian.add(block.density, times: Scalar(0, -0.5), to: $0.baseAddress!, size: modes)
        }
        spectralError += 0.5 * block.densityError.reduce(0) { max($0, $1) }
      }
    }
    matrix.elements.withUnsafeMutableBufferPointer {
      PackedHermitian.add(dispersion, times: Scalar(1, 0), to: $0.baseAddress!, size: modes)
    }
    return Parts(matrix: matrix, frequency: frequency, dispersionError: dispersionError, spectralError: spectralError)
  }
}

/// The four forces between coordinates m and n from a = Pi_mn and b = Pi_nm. The Hermitian part is symmetric in its real and
/// antisymmetric in its imaginary part, -i Lambda/2 the other way round: each force comes from one of them, and from rounding.
extension ForceSolver.Parts {
  /// -Im Pi/w, symmetric part: from Lambda.
  func friction(_ a: Scalar, _ b: Scalar) -> Estimate {
    Estimate(
      -0.5 * (a.imaginary + b.imaginary) / frequency,
      error: (spectralError + .ulpOfOne * (abs(a.imaginary) + abs(b.imaginary))) / frequency)
  }

  /// -Im Pi/w, antisymmetric part: from the Hermitian part.
  func berry(_ a: Scalar, _ b: Scalar) -> Estimate {
    Estimate(
      -0.5 * (a.imaginary - b.imaginary) / frequency,
      error: (dispersionError + .ulpOfOne * (abs(a.imaginary) + abs(b.imaginary))) / frequency)
  }

  /// Re Pi, antisymmetric part: from Lambda.
  func nonconservative(_ a: Scalar, _ b: Scalar) -> Estimate {
    Estimate(0.5 * (a.real - b.real), error: spectralError + .ulpOfOne * (abs(a.real) + abs(b.real)))
  }

  /// Re Pi, symmetric part: from the Hermitian part.
  func stiffness(_ a: Scalar, _ b: Scalar) -> Estimate {
    Estimate(0.5 * (a.real + b.real), error: dispersionError + .ulpOfOne * (abs(a.real) + abs(b.real)))
  }
}

extension DispersionKernel {
  /// Value in the equilibrium with the mean chemical potential and temperature of the electrodes of a state.
  package func equilibriumValue(_ state: OperatingState, weights: OccupationWeights) -> [Double] {
    let n = Double(max(state.chemicalPotentials.count, 1))
    let mu = state.chemicalPotentials.reduce(0, +) / n
    let t = state.temperatures.reduce(0, +) / n
    var result = [Double](repeating: 0, count: window.columns)
    value(
      chemicalPotentials: state.chemicalPotentials.map { _ in mu }, temperatures: state.temperatures.map { _ in t },
      weights: weights, into: &result, at: 0)
    return result
  }
}
