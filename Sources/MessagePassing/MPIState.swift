#if MPI
  import CMPI
  import ProcessGroups

  /// What is under way between this process and the others; used behind the lock of `MPIProcessGroup`.
  struct MPIState {
    /// Bytes of which MPI reads or writes, and the requests that still do.
    struct Transfer {
      let buffer: UnsafeMutableRawBufferPointer
      var requests: [pairbath_mpi_request] = []
      var source = 0
      /// Whether the message ends with this piece.
      var isLast = true
    }

    /// Tags of the pieces of a message.
    private static let more: Int32 = 0
    private static let last: Int32 = 1
    /// Pieces the root receives at a time.
    private static let mostReceived = 8

    let counter: pairbath_mpi_counter
    var traffic = ProcessTraffic()
    /// What all processes are doing together; one such thing at a time.
    var collective = pairbath_mpi_request()
    /// A number on its way from the root.
    let agreed = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
    /// Claims rank 0 has been asked for and this process has not had yet, by number: amount and answer, and the request for it.
    private var questions: [Int: (numbers: UnsafeMutablePointer<Int64>, request: pairbath_mpi_request)] = [:]
    private var questionsAsked = 0
    var isFinished = false
    private(set) var sent: [Transfer] = []
    private(set) var received: [Transfer] = []
    /// Beginnings of messages whose other pieces have not come, by source.
    private var beginnings: [Int: [UInt8]] = [:]

    /// Lives as long as the process.
    init(counter: pairbath_mpi_counter) {
      self.counter = counter
      agreed.initialize(to: 0)
    }

    /// Asks rank 0 for a claim and returns the number of the question.
    mutating func ask(for amount: Int) -> Int {
      let numbers = UnsafeMutablePointer<Int64>.allocate(capacity: 2)
      numbers.initialize(to: Int64(amount))
      (numbers + 1).initialize(to: 0)
      questionsAsked += 1
      questions[questionsAsked] = (numbers, pairbath_mpi_counter_ask(counter, numbers))
      return questionsAsked
    }

    /// The answer to a question, once; nil before it is there.
    mutating func answer(to question: Int) -> Int? {
      guard pairbath_mpi_is_done(&questions[question]!.request) != 0 else { return nil }
      let numbers = questions.removeValue(forKey: question)!.numbers
      defer { numbers.deallocate() }
      return Int(numbers[1])
    }

    /// At the root: answers all who have asked; whether anybody had.
    func answerAll() -> Bool { pairbath_mpi_counter_answer(counter) > 0 }

    mutating func send(_ bytes: [UInt8], pieceSize: Int) {
      traffic.messagesSent += 1
      traffic.bytesSent += bytes.count
      var transfer = Transfer(buffer: .allocate(byteCount: max(1, bytes.count), alignment: 16))
      transfer.buffer.copyBytes(from: bytes)
      var begin = 0
      repeat {
        let count = min(pieceSize, bytes.count - begin)
        let tag = begin + count == bytes.count ? Self.last : Self.more
        transfer.requests.append(pairbath_mpi_send(transfer.buffer.baseAddress! + begin, Int32(count), tag))
        begin += count
      } while begin < bytes.count
      sent.append(transfer)
      moveOn()
    }

    /// Lets everything go on, and frees what has been delivered.
    mutating func moveOn() {
      pairbath_mpi_progress()
      for index in sent.indices.reversed() where Self.isDone(&sent[index]) {
        sent[index].buffer.deallocate()
        sent.remove(at: index)
      }
    }

    mutating func receive() -> (source: Int, bytes: [UInt8])? {
      takeIn()
      while let message = nextPiece() {
        var bytes = message.bytes
        if let beginning = beginnings.removeValue(forKey: message.source) { bytes = beginning + bytes }
        if message.isLast {
          traffic.messagesReceived += 1
          traffic.bytesReceived += bytes.count
          return (message.source, bytes)
        }
        beginnings[message.source] = bytes
        takeIn()
      }
      return nil
    }

    /// Forgets what has arrived; nothing ever has elsewhere than at the root.
    mutating func dropArrived() { while receive() != nil {} }

    /// Starts to receive what has been found.
    private mutating func takeIn() {
      var message = pairbath_mpi_message()
      while received.count < Self.mostReceived, pairbath_mpi_find(&message) != 0 {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, Int(message.count)), alignment: 16)
        var transfer = Transfer(buffer: UnsafeMutableRawBufferPointer(rebasing: room[..<Int(message.count)]))
        transfer.source = Int(message.source)
        transfer.isLast = message.tag == Self.last
        transfer.requests = [pairbath_mpi_receive(&message, room.baseAddress)]
        received.append(transfer)
      }
    }

    /// The first piece, where it has arrived: in the order they were found, which for one source is the order they were sent.
    private mutating func nextPiece() -> (source: Int, isLast: Bool, bytes: [UInt8])? {
      guard !received.isEmpty, Self.isDone(&received[0]) else { return nil }
      let transfer = received.removeFirst()
      defer { transfer.buffer.baseAddress?.deallocate() }
      return (transfer.source, transfer.isLast, [UInt8](transfer.buffer))
    }

    private static func isDone(_ transfer: inout Transfer) -> Bool {
      while let request = transfer.requests.indices.last {
        if pairbath_mpi_is_done(&transfer.requests[request]) == 0 { return false }
        transfer.requests.removeLast()
      }
      return true
    }
  }
#endif
