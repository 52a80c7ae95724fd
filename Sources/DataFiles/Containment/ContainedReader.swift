import CContainedReader
import Foundation

/// A NetCDF file open in a process of its own.
///
/// A damaged file can crash the NetCDF and HDF5 libraries or keep them busy for ever. Here that ends the other process, and is an error.
/// The process lives as long as this value. Everything it says is checked before it is believed; its computing time is limited by the size
/// of the file and of what is asked for, and its answers by what the file can hold.
package final class ContainedReader {
  /// The file, for messages.
  package let path: String
  /// Size of the file, bytes.
  package let fileBytes: Int
  /// What the file holds, without the numbers.
  package private(set) var description: FileDescription

  private var reader: pairbath_reader
  private var window = ReaderWindow()
  private var deadline: ReaderDeadline
  private var ended: FileError?

  /// Address space the process may take beyond that of this one.
  private static let memory: UInt64 = 768 << 20

  /// Starts the process and takes in names, dimensions and attributes. Throws `cannotRead` for what is no regular file, `notNetCDF` for
  /// what is no complete NetCDF file. `patience` is how long, in seconds, an answer may take without computing.
  package init(_ path: String, patience: Double = 20) throws(FileError) {
    let file = try RegularFile(path, kind: "NetCDF file")
    var reader = pairbath_reader()
    let seconds = UInt64(ReaderDeadline.allowance(bytes: file.size)) + 60
    let code = NetCDFFile.locked { pairbath_reader_start(file.descriptor, Self.memory, seconds, &reader) }
    guard code == 0 else {
      throw FileError(
        .cannotRead, in: path, found: "no process to read it with: \(String(cString: strerror(code)))",
        allowed: "one more process; every NetCDF file is read by one of its own",
        hint: "raise the limit 'ulimit -u', or end other programs")
    }
    self.path = path
    self.reader = reader
    fileBytes = file.size
    deadline = ReaderDeadline(fileBytes: file.size, patience: patience)
    description = FileDescription()
    try open()
    description = try describe()
  }

  deinit { stop() }

  /// The number of the process; -1 when it has ended.
  package var process: Int32 { reader.process }

  /// Ends the process; what comes after is an error.
  package func stop() {
    guard reader.process > 0 else { return }
    ended = FileError(.cannotRead, in: path, found: "a file that has been closed", allowed: "an open one")
    _ = pairbath_reader_stop(&reader, window.base, UInt64(window.bytes), 0)
    window = ReaderWindow()
  }

  // MARK: Opening

  private func open() throws(FileError) {
    try send(request(PAIRBATH_READER_OPEN))
    let code = try answer(to: PAIRBATH_READER_OPEN).code
    guard code != 0 else { return }
    stop()
    throw FileError(
      .notNetCDF, in: path, found: "a file the NetCDF library refuses: \(NetCDFFile.message(code))",
      allowed: "a complete NetCDF file",
      hint: "look at it with ncdump -h; it may be truncated or of another format")
  }

  private func describe() throws(FileError) -> FileDescription {
    let bytes = try bytes(of: request(PAIRBATH_READER_DESCRIBE), about: "names and attributes")
    guard let description = FileDescription(bytes) else { throw end("gave names and attributes that contradict each other") }
    return description
  }

  /// The bytes of an answer whose size is not known before.
  private func bytes(of request: pairbath_reader_request, about what: String) throws(FileError) -> [UInt8] {
    var request = request
    var size = max(window.bytes, 1 << 18)
    while true {
      try enlarge(to: size, for: what)
      request.window_bytes = UInt64(window.bytes)
      try send(request)
      let answer = try answer(to: Int(request.operation))
      guard let needed = Int(exactly: answer.bytes) else { throw end("gave \(answer.bytes) bytes of \(what)") }
      if Int(answer.code) == PAIRBATH_READER_TOO_SMALL, needed > window.bytes {
        size = needed
        continue
      }
      try check(answer.code, what)
      guard needed <= window.bytes else { throw end("gave \(needed) bytes of \(what) in \(window.bytes)") }
      return window.copy(needed)
    }
  }

  // MARK: Numbers and strings

  /// The numbers of a variable, row-major, converted to `Double`. While one block is copied the process reads the next one.
  package func doubles(_ number: Int) throws(FileError) -> [Double] {
    let variable = description.variables[number]
    let shape = variable.dimensions.map(\.length)
    let count = try affordable(variable, bytesPerElement: MemoryLayout<Double>.size)
    guard count > 0 else { return [] }
    let plan = BlockPlan(shape: shape, chunk: variable.chunk)
    let half = plan.largest * MemoryLayout<Double>.size
    try enlarge(to: 2 * half, for: variable.name)
    var failure: FileError?
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(FileError) {
        try read(number, plan, half, into: buffer)
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return values
  }

  private func read(_ number: Int, _ plan: BlockPlan, _ half: Int, into buffer: UnsafeMutableBufferPointer<Double>)
    throws(FileError)
  {
    let name = description.variables[number].name
    let blocks = plan.makeIterator()
    var current = blocks.next()
    var place = 0
    var side = 0
    if let current { try send(request(PAIRBATH_READER_DOUBLES, number, current, offset: 0)) }
    while let block = current {
      let answer = try answer(to: PAIRBATH_READER_DOUBLES)
      try check(answer.code, name)
      guard answer.bytes == UInt64(block.elements * MemoryLayout<Double>.size) else {
        throw end("gave too few numbers of \(name)")
      }
      current = blocks.next()
      if let next = current { try send(request(PAIRBATH_READER_DOUBLES, number, next, offset: (1 - side) * half)) }
      window.copy(block.elements, from: side * half, to: buffer, at: place)
      place += block.elements
      side = 1 - side
    }
  }

  /// The strings of a variable in row-major order, as bytes.
  package func strings(_ number: Int) throws(FileError) -> [[UInt8]] {
    let variable = description.variables[number]
    let count = try affordable(variable, bytesPerElement: 64)
    guard count > 0 else { return [] }
    let shape = variable.dimensions.map(\.length)
    let whole = BlockPlan.Block(start: shape.map { _ in 0 }, count: shape, elements: count)
    let bytes = try bytes(of: request(PAIRBATH_READER_STRINGS, number, whole, offset: 0), about: variable.name)
    let strings = bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    guard strings.count == count else { throw end("gave \(strings.count) instead of \(count) strings of \(variable.name)") }
    return strings
  }

  /// Number of elements of a variable, unless they are more than its file can hold or more than fit into memory.
  private func affordable(_ variable: FileDescription.Variable, bytesPerElement: Int) throws(FileError) -> Int {
    let shape = variable.dimensions.map(\.length)
    guard shape.count <= Int(PAIRBATH_READER_RANK) else {
      throw FileError(
        .invalidData, in: path, at: [variable.name], found: "\(shape.count) dimensions",
        allowed: "at most \(PAIRBATH_READER_RANK)")
    }
    let most = variable.chunk > 0 ? ReadingBudget.mostChunked(fileBytes: fileBytes) : fileBytes + 1 << 20
    guard let count = variable.count, count <= most / variable.storedBytes else {
      throw FileError(
        .invalidData, in: path, at: [variable.name], found: "shape \(shape) in a file of \(fileBytes) bytes",
        allowed: "no more numbers than the file can hold", hint: "look at it with ncdump -h; most of them were never written")
    }
    let needed = 4 * count * bytesPerElement
    guard needed <= 1 << 24 || needed <= ReadingBudget.available else {
      throw FileError(
        .invalidData, in: path, at: [variable.name], found: "shape \(shape), about \(needed >> 20) MiB to read",
        allowed: "a variable that fits into memory, \(ReadingBudget.available >> 20) MiB now",
        hint: "end other programs, raise the limit 'ulimit -v', or cut the file with ncks")
    }
    return count
  }

  // MARK: Requests and answers

  private func request(
    _ operation: Int, _ variable: Int = 0, _ block: BlockPlan.Block? = nil, offset: Int = 0
  ) -> pairbath_reader_request {
    var request = pairbath_reader_request()
    request.operation = UInt32(operation)
    request.variable = Int32(variable)
    request.window_bytes = UInt64(window.bytes)
    request.offset = UInt64(offset)
    guard let block else { return request }
    request.rank = UInt32(block.start.count)
    withUnsafeMutableBytes(of: &request.start) { raw in
      for (d, start) in block.start.enumerated() { raw.storeBytes(of: UInt64(start), toByteOffset: 8 * d, as: UInt64.self) }
    }
    withUnsafeMutableBytes(of: &request.count) { raw in
      for (d, count) in block.count.enumerated() { raw.storeBytes(of: UInt64(count), toByteOffset: 8 * d, as: UInt64.self) }
    }
    return request
  }

  private func send(_ request: pairbath_reader_request) throws(FileError) {
    if let ended { throw ended }
    deadline.begin(bytes: window.bytes)
    let size = MemoryLayout<pairbath_reader_request>.size
    var sent = 0
    repeat {
      sent = withUnsafePointer(to: request) { Foundation.send(reader.socket, $0, size, Int32(MSG_NOSIGNAL)) }
    } while sent < 0 && errno == EINTR
    guard sent == size else { throw end(nil) }
  }

  private func answer(to operation: Int) throws(FileError) -> pairbath_reader_answer {
    if let ended { throw ended }
    guard deadline.wait(for: reader) else { throw end(deadline.complaint) }
    var answer = pairbath_reader_answer()
    let size = MemoryLayout<pairbath_reader_answer>.size
    let count = recv(reader.socket, &answer, size, Int32(MSG_DONTWAIT))
    guard count == size, Int(answer.operation) == operation else { throw end(nil) }
    return answer
  }

  private func check(_ code: Int32, _ what: String) throws(FileError) {
    guard code != 0 else { return }
    guard Int(code) < PAIRBATH_READER_TOO_SMALL else { throw end("gave no sense about \(what)") }
    throw FileError(
      .invalidData, in: path, at: [what], found: NetCDFFile.message(code), allowed: "a complete NetCDF file",
      hint: FileError.damagedFileAdvice)
  }

  private func enlarge(to bytes: Int, for what: String) throws(FileError) {
    if let ended { throw ended }
    guard bytes > window.bytes else { return }
    guard bytes <= 1 << 24 || bytes <= ReadingBudget.available,
      bytes <= max(ReadingBudget.mostChunked(fileBytes: fileBytes), 4 * 8 * BlockPlan.most),
      window.enlarge(to: bytes, reader)
    else {
      // Memory that two processes share is a file to the system.
      if let most = ReadingBudget.largestFile, bytes > most {
        throw FileError(
          .cannotRead, in: path, at: [what], found: "a limit of \(most) bytes on the size of files (ulimit -f)",
          allowed: "\(bytes) bytes or more, which reading needs", hint: "raise the limit")
      }
      throw FileError(
        .invalidData, in: path, at: [what], found: "\(bytes >> 20) MiB at once",
        allowed: "what fits into memory and into the file",
        hint: FileError.damagedFileAdvice)
    }
  }

  /// Ends the process after it failed; `found` says how, nil when it ended by itself.
  private func end(_ found: String?) -> FileError {
    let status = pairbath_reader_stop(&reader, window.base, UInt64(window.bytes), found == nil ? 1000 : 0)
    window = ReaderWindow()
    let signal = status & 0x7f
    let reason =
      found ?? (status >= 0 && signal != 0 ? "crashed the NetCDF library (signal \(signal))" : "ended without an answer")
    let error = FileError(
      .notNetCDF, in: path, found: "a damaged file: reading it \(reason)", allowed: "a complete NetCDF file",
      hint: FileError.damagedFileAdvice)
    ended = error
    return error
  }
}

extension FileError {
  /// What to do about a file that is not what was once written.
  package static let damagedFileAdvice = "copy it again from where it came from; compute a result again with 'pairbath run'"
}
