import ProcessGroups

#if MPI
  import CMPI
#endif

/// Message passing between processes by MPI, in builds that have it (the package's trait `MPI`).
package enum MessagePassing {
  /// Whether this build has MPI.
  package static var isAvailable: Bool {
    #if MPI
      true
    #else
      false
    #endif
  }

  /// Starts MPI and joins the other processes of the run. Nil in builds without MPI, and where no launcher started several processes:
  /// MPI is not touched then, for it may fail, write to the terminal or take seconds where there is nobody to talk to.
  ///
  /// At most once in a process, on any thread, and before anything large is computed: memory that MPI registers and processes that are
  /// forked later do not always go together. A group must end by `finish` or `abort`, or the launcher complains.
  ///
  /// `evenAlone` starts MPI for a single process too, for tests.
  package static func start(evenAlone: Bool = false) throws(ProcessLaunchError) -> (any ProcessGroup)? {
    try start(evenAlone: evenAlone, pieceSize: 1 << 30, sharesMemory: true)
  }

  /// The same for tests: with messages cut into pieces of another size, and as if all processes were on machines of their own.
  package static func start(evenAlone: Bool, pieceSize: Int, sharesMemory: Bool) throws(ProcessLaunchError) -> (any ProcessGroup)?
  {
    #if MPI
      let launch = ProcessLaunch.ofThisProcess
      guard evenAlone || (launch.map { $0.count != 1 } ?? false) else { return nil }
      guard pairbath_mpi_start() != 0 else { throw threadsMissing }
      let count = Int(pairbath_mpi_count())
      if let launch, let started = launch.count, started != count {
        pairbath_mpi_finalize()
        throw mismatch(launch: launch, started: started, count: count)
      }
      guard evenAlone || count > 1 else {
        pairbath_mpi_finalize()
        return nil
      }
      return MPIProcessGroup(pieceSize: pieceSize, sharesMemory: sharesMemory)
    #else
      return nil
    #endif
  }

  /// Name and version of the MPI library in one line; "no MPI" in builds without it.
  package static var library: String {
    #if MPI
      let text = [UInt8](unsafeUninitializedCapacity: Int(PAIRBATH_MPI_VERSION_BYTES)) { buffer, count in
        buffer.initialize(repeating: 0)
        buffer.withMemoryRebound(to: CChar.self) { pairbath_mpi_version($0.baseAddress) }
        count = buffer.firstIndex(of: 0) ?? buffer.count
      }
      let line = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: ",") }, as: UTF8.self)
      return line.replacing(":", with: " ").split(whereSeparator: \.isWhitespace).prefix(4).joined(separator: " ")
    #else
      return "no MPI"
    #endif
  }

  #if MPI
    private static var threadsMissing: ProcessLaunchError {
      ProcessLaunchError(
        found: "\(library) was built without support for threads (MPI_THREAD_SERIALIZED)", hint: "use another build of MPI")
    }

    private static func mismatch(launch: ProcessLaunch, started: Int, count: Int) -> ProcessLaunchError {
      let advice =
        launch.launcher == "srun"
        ? "start with `srun --mpi=pmix` or `srun --mpi=pmi2` (`srun --mpi=list` says which there are), or with this MPI's own mpirun"
        : "start with the mpirun of the MPI that pairbath was built with"
      return ProcessLaunchError(
        found: "\(launch.launcher) started \(started) processes, but \(library) sees \(count)", hint: advice)
    }
  #endif
}
