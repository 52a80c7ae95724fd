#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How this process was started, as far as the environment says: alone, or as one of several by a launcher (mpirun, mpiexec, srun).
///
/// Needs no MPI: a program without it can see that it runs several times at once.
package struct ProcessLaunch: Sendable, Equatable {
  /// Words for what started it.
  package let launcher: String
  /// How many processes it started; nil where only the launcher knows.
  package let count: Int?

  /// How this process was started; nil without a launcher.
  package static let ofThisProcess = ProcessLaunch { getenv($0).map { String(cString: $0) } }

  /// How many processes a launcher started, this one included; 1 without a launcher or where the environment does not say.
  package static var size: Int { ofThisProcess?.count ?? 1 }

  /// What an environment says.
  ///
  /// Launchers inside a job of Slurm inherit its variables, hence the order: whoever is nearest to the process comes first. A job
  /// script itself has `SLURM_PROCID` and `SLURM_NTASKS`, but belongs to no step.
  package init?(environment: (String) -> String?) {
    func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
    if let count = number("OMPI_COMM_WORLD_SIZE") {
      self.init(launcher: "mpirun of Open MPI", count: count)
    } else if let count = number("MV2_COMM_WORLD_SIZE") {
      self.init(launcher: "mpirun of MVAPICH", count: count)
    } else if let count = number("PMI_SIZE") {
      let inStep = number("SLURM_STEP_NUM_TASKS") == count && environment("HYDI_CONTROL_FD") == nil
      self.init(launcher: inStep ? "srun" : "mpiexec of MPICH or a relative", count: count)
    } else if number("SLURM_PROCID") != nil, number("SLURM_STEP_ID") != nil, let count = number("SLURM_STEP_NUM_TASKS") {
      self.init(launcher: "srun", count: count)
    } else if environment("PMI_RANK") != nil || environment("PMIX_RANK") != nil {
      self.init(launcher: "a launcher with PMI", count: nil)
    } else {
      return nil
    }
  }

  private init(launcher: String, count: Int?) {
    self.launcher = launcher
    self.count = count
  }
}
