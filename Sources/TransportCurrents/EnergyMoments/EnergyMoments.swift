import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Moments of the pair spectra of one state: int de/2pi X(e, w) (e - mu)^k f_a (1 - f_b), the reverse and their difference, for
/// all powers k up to an order; Theory.md sections 2 and "Fluctuations".
///
/// Order 1 serves currents (e from the reference energy), order 2 linear response (e from the common chemical potential), order 4
/// noise and cumulants (e from mu_a). One code for all of them, specialised by order: weights of the state at the nodes of a stored
/// kernel, contracted with it. One instance per worker. Cost: (order + 1) nodes per column and spectrum, nothing for the kernel.
package final class EnergyMoments<Order: MomentOrder> {
  /// Powers 0 ... order of the energy in the lanes of a vector.
  package typealias Lanes = Order.Lanes
  private typealias Sums = WeightedSums<Lanes>

  private let weights = Order.Weights(highest: Order.highest)

  package init() {}

  /// Spectra of every diagonal column of a channel.
  ///
  /// For electrodes at one temperature T > 0 the larger of E and B is integrated and the other follows from detailed balance, moment
  /// by moment: B/E = exp((w - mu_ab)/T) does not depend on e, and is exact to rounding however small the smaller one is.
  package func spectra(_ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, point: OperatingState)
    -> [SpectralMoments<Lanes>]
  {
    let channel = a * electrodes + b
    let state = point.channel(from: a, to: b, frequency: kernel.frequency)
    guard state.isIsothermal, state.initialTemperature > 0 else {
      let emission = sums(kernel, channel, state, .emission)
      let absorption = sums(kernel, channel, state, .absorption)
      return zip(emission, absorption).map { SpectralMoments(emission: $0, absorption: $1) }
    }
    let balance = DetailedBalance(exponent: state.exponent)
    return sums(kernel, channel, state, balance.larger).map { SpectralMoments(larger: $0, balance) }
  }

  /// Sums of the diagonal columns with the weights of one process.
  private func sums(
    _ kernel: PanelKernel, _ channel: Int, _ state: ChannelState, _ process: OccupationWeights.Process
  ) -> [Sums] {
    let range = weights.prepare(kernel, channel: channel, state: state, process: process)
    return (0..<kernel.diagonals).map { weights.sums(kernel, KernelColumn(kernel, channel: channel, column: $0), range, state) }
  }

  /// Absorption moments in equilibrium, int de/2pi X (1 - f(e)) f(e - w) (e - mu)^k, of all columns of every channel that does not
  /// vanish, [channel][column]; empty for those that do. The weights are those of all channels at once.
  ///
  /// Errors of columns beyond the diagonals are those of sums and kernels alone.
  package func equilibrium(_ kernel: PanelKernel, potential mu: Double, temperature t: Double) -> [[WeightedSums<Lanes>]] {
    let state = ChannelState(
      initialPotential: mu, initialTemperature: t, finalPotential: mu, finalTemperature: t, frequency: kernel.frequency)
    let range = weights.prepare(kernel, channel: 0, state: state, process: .absorption)
    return (0..<kernel.channels).map { channel in
      guard !kernel.vanishing[channel] else { return [] }
      return (0..<kernel.columns).map { weights.sums(kernel, KernelColumn(kernel, channel: channel, column: $0), range, state) }
    }
  }
}

/// The order of a set of moments: how many powers of the energy, and the weights they are made with.
package protocol MomentOrder {
  /// One lane per power.
  associatedtype Lanes: SIMD where Lanes.Scalar == Double
  /// What puts a state's occupations and powers on the nodes of a kernel.
  associatedtype Weights: EnergyWeights where Weights.Lanes == Lanes
  /// The highest power.
  static var highest: Int { get }
}

/// Powers 0 and 1: currents of particles and energy.
package enum FirstOrder: MomentOrder {
  package typealias Lanes = SIMD2<Double>
  package typealias Weights = CurrentWeights
  package static var highest: Int { 1 }
}

/// Powers 0 to 2: linear response.
package enum SecondOrder: MomentOrder {
  package typealias Lanes = SIMD4<Double>
  package typealias Weights = MomentWeights<SIMD4<Double>>
  package static var highest: Int { 2 }
}

/// Powers 0 to 4: noise and cumulants.
package enum FourthOrder: MomentOrder {
  package typealias Lanes = SIMD8<Double>
  package typealias Weights = MomentWeights<SIMD8<Double>>
  package static var highest: Int { 4 }
}

/// Currents of a state.
package typealias StateIntegrator = EnergyMoments<FirstOrder>
/// Linear response of an equilibrium.
package typealias ResponseIntegrator = EnergyMoments<SecondOrder>

/// Weights of a state at the nodes of a kernel, for one worker: it owns the buffers.
package protocol EnergyWeights: AnyObject {
  associatedtype Lanes: SIMD where Lanes.Scalar == Double
  /// Weights for the powers 0 ... highest.
  init(highest: Int)
  /// Fills the weights of a process and returns the range of nodes where they count.
  func prepare(_ kernel: PanelKernel, channel: Int, state: ChannelState, process: OccupationWeights.Process) -> Range<Int>
  /// Sums of kernel times weight times power over the prepared range.
  func sums(_ kernel: PanelKernel, _ column: KernelColumn, _ range: Range<Int>, _ state: ChannelState) -> WeightedSums<Lanes>
}

/// Where a column of a channel stands in a kernel, and its errors; those of columns beyond the diagonals are bounded with the last
/// diagonal's.
package struct KernelColumn {
  package let values: Int
  package let errors: Int
  /// True for the columns that cannot be negative.
  package let isDiagonal: Bool

  package init(_ kernel: PanelKernel, channel: Int, column: Int) {
    values = (channel * kernel.columns + column) * kernel.count
    errors = (channel * kernel.diagonals + min(column, kernel.diagonals - 1)) * kernel.count
    isDiagonal = column < kernel.diagonals
  }
}

/// Moments with absolute error bounds.
package struct WeightedSums<Lanes: SIMD> where Lanes.Scalar == Double {
  package var value = Lanes.zero
  package var error = Lanes.zero

  package init() {}
  package init(_ value: Lanes, error: Lanes) { (self.value, self.error) = (value, error) }

  /// One power.
  package subscript(k: Int) -> Estimate { Estimate(value[k], error: error[k]) }

  /// |value|.
  var size: Lanes { value.replacing(with: -value, where: value .< 0) }

  package static func * (factor: Double, m: WeightedSums) -> WeightedSums {
    WeightedSums(factor * m.value, error: abs(factor) * m.error)
  }
}

/// E and B of a channel at one temperature: x = (w - mu_ab)/T, B/E = exp(x) [11:4].
package struct DetailedBalance {
  /// The process with the larger rate, which is integrated.
  package let larger: OccupationWeights.Process
  /// The smaller rate over the larger one.
  package let ratio: Double
  /// Error of the ratio.
  package let ratioError: Double
  /// (B - E) over the larger of them, without cancellation.
  package let difference: Double

  package init(exponent x: Double) {
    larger = x >= 0 ? .absorption : .emission
    ratio = Double.exp(-abs(x))
    ratioError = ratio * min(abs(x), 700) * 4e-16
    difference = x >= 0 ? -Double.expMinusOne(-x) : Double.expMinusOne(x)
  }
}

/// Moments of emission, absorption and pair density (their difference) of one channel and column.
package struct SpectralMoments<Lanes: SIMD> where Lanes.Scalar == Double {
  package let emission: WeightedSums<Lanes>
  package let absorption: WeightedSums<Lanes>
  /// Absorption minus emission, without cancellation when both electrodes have one temperature.
  package let density: WeightedSums<Lanes>

  /// Both spectra integrated.
  package init(emission: WeightedSums<Lanes>, absorption: WeightedSums<Lanes>) {
    self.emission = emission
    self.absorption = absorption
    density = WeightedSums(absorption.value - emission.value, error: absorption.error + emission.error)
  }

  /// The larger spectrum integrated, the other by detailed balance.
  package init(larger: WeightedSums<Lanes>, _ balance: DetailedBalance) {
    let smaller = WeightedSums(
      balance.ratio * larger.value, error: balance.ratio * larger.error + balance.ratioError * larger.size)
    (emission, absorption) = balance.larger == .absorption ? (smaller, larger) : (larger, smaller)
    density = WeightedSums(
      balance.difference * larger.value, error: abs(balance.difference) * (larger.error + 4e-16 * larger.size))
  }
}
