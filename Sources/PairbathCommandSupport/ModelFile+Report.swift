import ModelFiles
import Sweeps

extension ModelFile {
  /// What `check` understood of the model, as lines of text.
  package func report(_ plan: SweepPlan) -> String {
    switch self {
    case .junction(let document): return CheckReport(document, plan: plan).text
    case .bodies(let document): return RadiationReport(document, plan: plan).text
    case .terminals(let document): return TerminalReport(document, plan: plan).text
    }
  }
}
