import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// Pair spectra of all mode pairs over frequencies and states, streamed over frequencies.
struct SpectraSweep {
  private let prepared: PreparedJunction
  private let request: SweepRequest
  private let readings: [PairSpectrumReading]
  private let frequencies: [Double]

  init(_ prepared: PreparedJunction, _ request: SweepRequest, _ needs: Needs) {
    self.prepared = prepared
    self.request = request
    readings = needs.spectra.compactMap {
      if case .pairSpectrum(let reading) = $0.definition.source { reading } else { nil }
    }
    frequencies = request.frequencies
  }

  /// Values and errors per observable: component (channel, mode, mode2, frequency), state and ri fastest.
  func run(
    _ work: ParallelWork, _ ledger: StateLedger
  ) throws(SolverError) -> [(PairSpectrumReading, ResultColumns.Numbers)] {
    let junction = prepared.junction
    let modes = junction.bosons.count
    let electrodes = junction.electrodes.count
    let states = (0..<request.points.count).map {
      OperatingState(request.points, state: $0, reference: prepared.referenceEnergy)
    }
    let shape = ResultColumns.Shape(
      components: electrodes * electrodes * modes * modes * frequencies.count, states: 2 * states.count)
    let (kernels, boson, wanted) = (prepared, frequencies, readings)
    let scales = Self.scales(junction)
    let numbers = try ResultColumns.filled(readings.map { _ in shape }) { columns throws(SolverError) in
      for column in columns { column.forget() }
      try KernelStream(prepared: kernels, frequencies: frequencies).run(
        work, ledger, stage: "pair spectra", columns: columns, makeWorker: { SpectraSolver() },
        body: { f, kernel, solver, notes throws(SolverError) in
          for a in 0..<electrodes {
            for b in 0..<electrodes {
              let writer = SpectrumWriter(
                modes: modes, frequencies: boson.count, frequency: f, channel: a * electrodes + b, states: states.count,
                scales: scales)
              // Blocks bound the memory of a worker.
              for start in stride(from: 0, to: states.count, by: 256) {
                try SolverError.checkInterruption("computing spectra")
                let block = solver.spectra(
                  kernel, from: a, to: b, electrodes: electrodes,
                  states: Array(states[start..<min(start + 256, states.count)]))
                block.check(notes, columns: kernel.columns, diagonals: modes, from: start)
                for (reading, target) in zip(wanted, columns) { writer.write(block, reading, from: start, to: target) }
              }
            }
          }
        })
    }
    return Array(zip(readings, numbers))
  }

  /// 1/sqrt(2 W_m 2 W_n), 1 in the mass-weighted convention.
  private static func scales(_ junction: Junction) -> [Double] {
    junction.bosons.modeEnergies.map {
      junction.coupling.convention == .massWeighted ? 1 : 1 / (2 * $0).squareRoot()
    }
  }
}

extension SpectraSolver.Block {
  /// Notes diagonal elements that are not known to the tolerance; the block's states begin at `start`.
  func check(_ notes: PieceNotes, columns: Int, diagonals: Int, from start: Int) {
    for s in 0..<states {
      for m in 0..<diagonals {
        for (value, error) in [
          (emission[s * columns + m], emissionError[s * diagonals + m]),
          (absorption[s * columns + m], absorptionError[s * diagonals + m]),
        ] where value > 1e-280 { notes.check("pair spectra", error: error / value, state: start + s) }
      }
    }
  }
}

/// Unpacks blocks of spectra into result order: channel, mode, mode2, frequency, state, ri.
private struct SpectrumWriter {
  let modes: Int
  let frequencies: Int
  let frequency: Int
  let channel: Int
  let states: Int
  let scales: [Double]

  func write(_ block: SpectraSolver.Block, _ reading: PairSpectrumReading, from start: Int, to target: ResultColumns) {
    let columns = modes * modes
    for s in 0..<block.states {
      for m in 0..<modes {
        for n in m..<modes {
          let scale = scales[m] * scales[n]
          let (re, im) = value(block, reading, row: s * columns, modes: (m, n))
          let bound = scale * (reading.error(block, s * modes + m) * reading.error(block, s * modes + n)).squareRoot()
          let place = index(m, n, state: start + s)
          target.set(flat: place, value: scale * re, error: bound)
          target.set(flat: place + 1, value: scale * im, error: m == n ? 0 : bound)
          guard n != m else { continue }
          let mirror = index(n, m, state: start + s)
          target.set(flat: mirror, value: scale * re, error: bound)
          target.set(flat: mirror + 1, value: -scale * im, error: bound)
        }
      }
    }
  }

  /// Where the real part of a pair of modes stands; the imaginary part follows.
  private func index(_ m: Int, _ n: Int, state: Int) -> Int {
    2 * ((((channel * modes + m) * modes + n) * frequencies + frequency) * states + state)
  }

  private func value(
    _ b: SpectraSolver.Block, _ reading: PairSpectrumReading, row: Int, modes pair: (Int, Int)
  ) -> (Double, Double) {
    if pair.0 == pair.1 { return (reading.value(b, row + pair.0), 0) }
    let column = row + ModePairs.pairColumn(pair.0, pair.1, count: modes)
    return (reading.value(b, column), reading.value(b, column + 1))
  }
}
