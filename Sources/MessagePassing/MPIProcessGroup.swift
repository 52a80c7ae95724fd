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
  /// MPI moves messages only while it is called, and a process that computes does not call it. Hence a thread that calls it every half
  /// millisecond or more often: at the root while processes on other machines may claim, elsewhere while something sent is under way.
  /// A claim costs nothing on the root's machine, where the counter is an integer in shared memory, and waits for that thread elsewhere.
  final class MPIProcessGroup: ProcessGroup {
    let rank: Int
    let count: Int
    let ranksOnNode: Int
    /// Most bytes of one message of MPI, whose counts are 32 bits wide.
    private let pieceSize: Int
    private let state: Mutex<MPIState>
    /// The counter, where this process shares the root's memory. Used by atomic operations only.
    private nonisolated(unsafe) let sharedCounter: UnsafeMutablePointer<Int64>?
    private let isCounterOpen = Atomic<Bool>(false)
    private let hasExhausted = Atomic<Bool>(false)
    private let claims = Atomic<Int>(0)
    /// Whether MPI must be called for others to go on.
    private let isNeeded = Atomic<Bool>(false)
    private let isFinished = Atomic<Bool>(false)

    /// Whether this is the root and others must ask it for claims.
    private let isAsked: Bool

    /// Joins the processes; MPI has been started. Collective.
    init(pieceSize: Int, sharesMemory: Bool) {
      rank = Int(pairbath_mpi_rank())
      count = Int(pairbath_mpi_count())
      let counter = pairbath_mpi_counter_make()
      ranksOnNode = Int(counter.count_on_node)
      sharedCounter = sharesMemory || rank == 0 ? counter.memory : nil
      isAsked = rank == 0 && count > (sharesMemory ? ranksOnNode : 1)
      self.pieceSize = pieceSize
      state = Mutex(MPIState(counter: counter))
      DispatchQueue(label: "pairbath.mpi").async { self.keepGoing() }
    }

    var traffic: ProcessTraffic {
      var traffic = state.withLock { $0.traffic }
      traffic.claims = claims.load(ordering: .relaxed)
      return traffic
    }

    func openCounter() {
      meet()
      hasExhausted.store(false, ordering: .relaxed)
      if rank == 0, let sharedCounter { _ = pairbath_mpi_counter_add(sharedCounter, -pairbath_mpi_counter_add(sharedCounter, 0)) }
      isCounterOpen.store(true, ordering: .sequentiallyConsistent)
      state.withLock { noteNeed($0) }
      meet()
    }

    func claim(_ amount: Int) -> Int {
      precondition(isCounterOpen.load(ordering: .relaxed), "a claim on a counter that is closed")
      claims.wrappingAdd(1, ordering: .relaxed)
      return add(amount)
    }

    func exhaust() {
      guard isCounterOpen.load(ordering: .relaxed) else { return }
      if !hasExhausted.exchange(true, ordering: .relaxed) { _ = add(1 << 45) }
    }

    // The root goes on answering others, until all meet again.
    func closeCounter() { if rank != 0 { isCounterOpen.store(false, ordering: .relaxed) } }

    private func add(_ amount: Int) -> Int {
      if let sharedCounter { return Int(pairbath_mpi_counter_add(sharedCounter, Int64(amount))) }
      let question = state.withLock { $0.ask(for: amount) }
      var answer: Int?
      wait { state in
        answer = state.answer(to: question)
        return answer != nil
      }
      return answer!
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

    func progress() { _ = moveOnIfNeeded() }

    func broadcast(_ bytes: [UInt8]) -> [UInt8] {
      let length = agreedLength(bytes.count)
      var result = rank == 0 ? bytes : [UInt8](repeating: 0, count: length)
      result.withUnsafeMutableBytes { buffer in
        for begin in stride(from: 0, to: length, by: pieceSize) {
          let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[begin..<min(begin + pieceSize, length)])
          broadcast(address: UInt(bitPattern: piece.baseAddress), count: piece.count)
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
      var pause: UInt32 = 500
      while !isFinished.load(ordering: .relaxed) {
        let answered = moveOnIfNeeded()
        // Who claims once soon does it again. Where nobody waits, waking up is all that costs: it takes a processor from those who compute.
        pause = answered ? 50 : min(pause + pause / 8, isNeeded.load(ordering: .relaxed) ? 500 : 5000)
        usleep(pause)
      }
    }

    private func moveOnIfNeeded() -> Bool {
      guard isNeeded.load(ordering: .relaxed) else { return false }
      return state.withLockIfAvailable { state in
        guard !state.isFinished else { return false }
        defer { noteNeed(state) }
        return moveOn(&state)
      } ?? false
    }

    /// Lets everything go on; whether the root had to answer a claim.
    @discardableResult private func moveOn(_ state: inout MPIState) -> Bool {
      state.moveOn()
      return isAsked && state.answerAll()
    }

    /// Returns when all processes have come here.
    private func meet() {
      state.withLock { $0.collective = pairbath_mpi_meet() }
      wait { pairbath_mpi_is_done(&$0.collective) != 0 }
    }

    /// The root's number at every process.
    private func agreedLength(_ length: Int) -> Int {
      let address = state.withLock { state in
        state.agreed.pointee = Int64(length)
        return UInt(bitPattern: state.agreed)
      }
      broadcast(address: address, count: MemoryLayout<Int64>.size)
      return state.withLock { Int($0.agreed.pointee) }
    }

    /// Takes part in a broadcast of bytes that stay where they are. MPI_Bcast would wait without leaving the processor to others.
    private func broadcast(address: UInt, count: Int) {
      state.withLock { $0.collective = pairbath_mpi_broadcast(UnsafeMutableRawPointer(bitPattern: address), Int32(count)) }
      wait(pausingAtMost: 100) { pairbath_mpi_is_done(&$0.collective) != 0 }
    }

    /// Calls MPI until `isDone`, more and more seldom: whoever waits leaves the processor to those who compute.
    private func wait(pausingAtMost longest: UInt32 = 1000, until isDone: (inout MPIState) -> Bool) {
      var pause: UInt32 = 0
      while true {
        let done = state.withLock { state in
          moveOn(&state)
          return isDone(&state)
        }
        if done { return }
        if pause < 200 { sched_yield() } else { usleep(min(pause / 4, longest)) }
        pause += 1
      }
    }

    private func noteNeed(_ state: borrowing MPIState) {
      isNeeded.store((isAsked && isCounterOpen.load(ordering: .relaxed)) || !state.sent.isEmpty, ordering: .relaxed)
    }
  }
#endif
