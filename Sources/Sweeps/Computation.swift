import JunctionModel
import TransportResults

/// A whole computation: what is computed, at which states, and what is wanted of them.
///
/// Junctions, terminals and bodies conform; `SweepRunner` runs any of them, and what lies above (model files, the command) need not know
/// which one it has:
///
///     let computation = try ModelFile.read(file: "model.yaml").computation
///     let result = try SweepRunner(workers: 4).run(computation)
package protocol Computation: Sendable {
  /// Title of the model; may be empty.
  var title: String { get }
  /// Axes in the user's units, the first slowest; the product of their lengths is the number of states.
  var axes: [SweepAxis] { get }
  /// Relative tolerance of its numbers.
  var tolerance: Double { get }
  /// The result without numbers: title, axes, and the labels of every dimension.
  var emptyResult: TransportResult { get }
  /// How the time of its plan is found beforehand.
  var timing: SweepPlan.Timing { get }

  /// Throws what can be told before anything is computed: `SolverError.unsuitableModel` when the model lacks something that is wanted,
  /// `.tooLarge` when the result does not fit into the runner's memory.
  func check(for runner: SweepRunner) throws(SolverError)
  /// Throws what the numbers of one system of a sweep forbid, where the whole has been checked with those of the first.
  func checkNumbers() throws(SolverError)
  /// What it will cost, counted from sizes. Throws for states that have no answer.
  func plan(for runner: SweepRunner) throws(SolverError) -> SweepPlan
  /// The same computation at about `states` states, the ends of all axes included; nil where there is no such thing.
  func thinned(to states: Int) -> Self?
  /// Systems whose numbers are those of one of them at other states, as that one: its states are those of all, one system after another
  /// along a first axis of their numbers. nil where they are not.
  static func joined(_ systems: [Self]) -> Self?
  /// The result of one of the systems that were joined, out of that of all.
  func part(_ index: Int, of joined: TransportResult) -> TransportResult
  /// Every number, computed by `work`, and what became of the states. Throws `SolverError`.
  func outcome(_ work: ParallelWork) throws(SolverError) -> ComputationOutcome
  /// What a user must know before the numbers of a result are used, a sentence each: errors above the tolerance and their cause.
  func reservations(about result: TransportResult) -> [String]
  /// What it consists of, in words; `number` writes numbers as text.
  func description(_ number: (Double) -> String) -> ComputationDescription
}

extension Computation {
  /// Times are counted where nothing else is said.
  package var timing: SweepPlan.Timing { .counted }

  /// Nothing where nothing else is said.
  package func checkNumbers() throws(SolverError) {}

  /// Nothing is joined where nothing else is said.
  package static func joined(_ systems: [Self]) -> Self? { nil }

  /// The whole where nothing was joined.
  package func part(_ index: Int, of joined: TransportResult) -> TransportResult { joined }

  /// Every number with the status of every state, and what fell short. Throws `SolverError`.
  package func result(_ work: ParallelWork) throws(SolverError) -> TransportResult {
    let outcome = try outcome(work)
    return outcome.ledger.signed(outcome.result)
  }

  /// No parts where nothing else is said.
  package func thinned(to states: Int) -> Self? { nil }

  /// No reservations where nothing else is said.
  package func reservations(about result: TransportResult) -> [String] { [] }

  /// Number of states.
  package var stateCount: Int { axes.reduce(1) { $0 * $1.values.count } }

  /// The swept variables of a state in words.
  func describe(state: Int) -> String { axes.describe(state: state) }
}

/// The numbers of a computation, and the ledger of its states, which are not yet in the result.
package struct ComputationOutcome: Sendable {
  package var result: TransportResult
  let ledger: StateLedger
}

/// What a computation consists of, in words: names and values in the order they are shown.
package struct ComputationDescription: Sendable {
  /// A name and what it stands for.
  package typealias Row = (name: String, value: String)
  /// Units and the parts of the model.
  package let parts: [Row]
  /// What is wanted: observables, tolerance and the rest of the settings.
  package let wanted: [Row]
}

extension [SweepAxis] {
  /// The swept variables of a state in words.
  func describe(state: Int) -> String {
    if isEmpty { return "the only state" }
    return zip(self, positions(of: state)).map { "\($0.name) = \($0.words(at: $1))" }.joined(separator: ", ")
  }
}

extension UnitSystem {
  /// The units of a model in words.
  var description: String {
    self == .natural ? "natural (hbar = k_B = e = 1, one energy unit)" : "energies eV, temperatures K, currents A, power W"
  }
}

/// "1 state", "2 states".
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
