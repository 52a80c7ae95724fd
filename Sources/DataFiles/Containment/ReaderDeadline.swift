import CContainedReader
import Foundation

/// How long a reader may take: computing time by what there is to read, and waiting time for slow disks.
///
/// An endless loop computes; a sleeping disk does not. A process that was stopped together with this one, by Ctrl-Z, has not been late.
package struct ReaderDeadline {
  /// What went wrong when `wait` returned false, for the sentence "reading it ...".
  package private(set) var complaint = ""
  private var bytes: Int
  /// Longest waiting time per answer without computing, seconds.
  private let patience: Double

  /// Computing time without anything to read, seconds: hundreds of times what an ordinary file takes.
  private static let least = 1.0
  /// Slowest reading, bytes per second; taking apart what was compressed is the slowest there is.
  private static let speed = 20e6
  /// Steps of the waiting, seconds.
  private static let step = 0.1

  package init(fileBytes: Int, patience: Double) {
    bytes = fileBytes
    self.patience = patience
  }

  /// Computing time for so many bytes, seconds.
  package static func allowance(bytes: Int) -> Double { least + Double(bytes) / speed }

  /// Notes a request for so many bytes.
  package mutating func begin(bytes: Int) { self.bytes += bytes }

  /// Waits until the reader answers or ends; false when it has used up its time.
  package mutating func wait(for reader: pairbath_reader) -> Bool {
    var reader = reader
    for _ in 0..<Int(patience / Self.step) {
      var descriptor = pollfd(fd: reader.socket, events: Int16(POLLIN), revents: 0)
      let ready = poll(&descriptor, 1, Int32(1000 * Self.step))
      if ready > 0 { return true }
      let used = pairbath_reader_seconds(&reader)
      if used > Self.allowance(bytes: bytes) {
        complaint = "did not end within \(Int(used.rounded(.up))) s of computing"
        return false
      }
    }
    complaint = "gave no answer within \(patience) s, unless it is the disk that does not respond"
    return false
  }
}
