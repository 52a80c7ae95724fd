#if MPI
  import CMPI
  import Dispatch
  import ProcessGroups
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// The processes of a run under MPI. Threads take turns: every call of MPI is made behind one lock.
  ///
  /// MPI moves messages and serves the counter only while it is called, and a process that computes does not call it. Hence a thread that
  /// calls it every half millisecond: at the root while the counter is open, elsewhere while something sent is under way.
  final class MPIProcessGroup: ProcessGroup {
    let rank: Int
    let count: Int
    let ranksOnNode: Int
    /// Most bytes of one message of MPI, whose counts are 32 bits wide.
    private let pieceSize: Int
    private let state: Mutex<MPIState>
    /// Whether MPI must be called for others to go on.
    private let isNeeded = Atomic<Bool>(false)
    private let isFinished = Atomic<Bool>(false)

    /// Joins the processes; MPI has been started. Collective.
    init(pieceSize: Int) {
      rank = Int(pairbath_mpi_rank())
      count = Int(pairbath_mpi_count())
      ranksOnNode = Int(pairbath_mpi_count_on_node())
      self.pieceSize = pieceSize
      state = Mutex(MPIState(counter: pairbath_mpi_counter_make()))
      DispatchQueue(label: "pairbath.mpi").async { self.keepGoing() }
    }

    var traffic: ProcessTraffic { state.withLock { $0.traffic } }

    func openCounter() {
      meet()
      state.withLock { state in
        state.isCounterOpen = true
        state.hasExhausted = false
        if rank == 0 { state.resetCounter() }
        noteNeed(state)
      }
      meet()
    }

    func claim(_ amount: Int) -> Int {
      state.withLock { state in
        precondition(state.isCounterOpen, "a claim on a counter that is closed")
        state.traffic.claims += 1
        return state.add(amount)
      }
    }

    func exhaust() {
      state.withLock { state in
        guard state.isCounterOpen, !state.hasExhausted else { return }
        state.hasExhausted = true
        _ = state.add(1 << 45)
      }
    }

    func closeCounter() {
      state.withLock { state in
        // The root goes on serving the claims of others, until all meet again.
        if rank != 0 { state.isCounterOpen = false }
        noteNeed(state)
      }
    }

    func send(_ bytes: [UInt8]) {
      state.withLock { state in
        state.send(bytes, pieceSize: pieceSize)
        noteNeed(state)
      }
    }

    func receive() -> (source: Int, bytes: [UInt8])? {
      precondition(rank == 0, "only the root receives")
      return state.withLock { $0.receive() }
    }

    func progress() {
      guard isNeeded.load(ordering: .relaxed) else { return }
      state.withLockIfAvailable { state in
        guard !state.isFinished else { return }
        state.moveOn()
        noteNeed(state)
      }
    }

    func broadcast(_ bytes: [UInt8]) -> [UInt8] {
      let length = agreedLength(bytes.count)
      var result = rank == 0 ? bytes : [UInt8](repeating: 0, count: length)
      result.withUnsafeMutableBytes { buffer in
        for begin in stride(from: 0, to: length, by: pieceSize) {
          let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[begin..<min(begin + pieceSize, length)])
          state.withLock { _ in pairbath_mpi_broadcast(piece.baseAddress, Int32(piece.count)) }
        }
      }
      state.withLock { state in
        state.traffic.broadcasts += 1
        state.traffic.bytesBroadcast += length
      }
      return result
    }

    func abort(_ code: Int32) -> Never {
      fflush(nil)
      // A thread that waits in MPI for others may keep the lock for ever.
      for _ in 0..<200 {
        state.withLockIfAvailable { state in
          if state.isFinished { _exit(code) }
          pairbath_mpi_abort(code)
        }
        usleep(5000)
      }
      pairbath_mpi_abort(code)
      _exit(code)
    }

    func finish() {
      // The root drops what arrives, so that senders can come to an end.
      wait { state in
        state.dropArrived()
        return state.sent.isEmpty
      }
      state.withLock { $0.collective = pairbath_mpi_meet() }
      wait { state in
        state.dropArrived()
        return pairbath_mpi_is_done(&state.collective) != 0
      }
      wait { state in
        state.dropArrived()
        return state.received.isEmpty
      }
      isFinished.store(true, ordering: .relaxed)
      state.withLock { state in
        state.isFinished = true
        pairbath_mpi_counter_free(state.counter)
        isNeeded.store(false, ordering: .relaxed)
        pairbath_mpi_finalize()
      }
    }

    private func keepGoing() {
      while !isFinished.load(ordering: .relaxed) {
        progress()
        usleep(500)
      }
    }

    /// Returns when all processes have come here.
    private func meet() {
      state.withLock { $0.collective = pairbath_mpi_meet() }
      wait { pairbath_mpi_is_done(&$0.collective) != 0 }
    }

    /// The root's number at every process.
    private func agreedLength(_ length: Int) -> Int {
      state.withLock { state in
        state.agreed.pointee = Int64(length)
        state.collective = pairbath_mpi_broadcast_number(state.agreed)
      }
      wait { pairbath_mpi_is_done(&$0.collective) != 0 }
      return state.withLock { Int($0.agreed.pointee) }
    }

    /// Calls MPI until `isDone`, more and more seldom: whoever waits leaves the processor to those who compute.
    private func wait(until isDone: (inout MPIState) -> Bool) {
      var pause: UInt32 = 0
      while true {
        let done = state.withLock { state in
          state.moveOn()
          return isDone(&state)
        }
        if done { return }
        if pause < 200 { sched_yield() } else { usleep(min(pause / 4, 1000)) }
        pause += 1
      }
    }

    private func noteNeed(_ state: borrowing MPIState) {
      isNeeded.store(!state.sent.isEmpty || (rank == 0 && state.isCounterOpen), ordering: .relaxed)
    }
  }
#endif
