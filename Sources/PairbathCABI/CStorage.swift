#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory that C reads as long as an object lives: texts and lists, freed together with it.
final class CStorage {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var texts: [String: UnsafePointer<CChar>] = [:]

  deinit { for block in blocks { free(block) } }

  /// A text ended by a zero byte; equal texts are one.
  func text(_ text: String) -> UnsafePointer<CChar> {
    if let known = texts[text] { return known }
    let copy = CText.copy(text)
    blocks.append(copy)
    texts[text] = UnsafePointer(copy)
    return UnsafePointer(copy)
  }

  /// A list; nil for an empty one.
  func list<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element>? {
    guard !elements.isEmpty else { return nil }
    let bytes = elements.count * MemoryLayout<Element>.stride
    guard let block = malloc(bytes) else { CText.outOfMemory(bytes) }
    blocks.append(block)
    let list = block.bindMemory(to: Element.self, capacity: elements.count)
    list.initialize(from: elements, count: elements.count)
    return UnsafePointer(list)
  }
}

/// Texts of C.
enum CText {
  /// A copy ended by a zero byte, to be freed with `free`; zero bytes inside are left out.
  static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = Array(text.utf8.lazy.filter { $0 != 0 })
    guard let block = malloc(bytes.count + 1) else { outOfMemory(bytes.count + 1) }
    let copy = block.bindMemory(to: UInt8.self, capacity: bytes.count + 1)
    copy.initialize(from: bytes, count: bytes.count)
    copy[bytes.count] = 0
    return UnsafeMutableRawPointer(copy).assumingMemoryBound(to: CChar.self)
  }

  /// A text; nil for a null pointer.
  static func string(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

  /// Texts of a list of them.
  static func strings(_ list: UnsafePointer<UnsafePointer<CChar>?>?, count: Int64) -> [String] {
    guard let list, count > 0 else { return [] }
    return (0..<Int(count)).compactMap { string(list[$0]) }
  }

  /// Frees what `copy` made.
  static func free(_ text: UnsafePointer<CChar>?) {
    #if canImport(Glibc)
      Glibc.free(UnsafeMutableRawPointer(mutating: text))
    #elseif canImport(Musl)
      Musl.free(UnsafeMutableRawPointer(mutating: text))
    #elseif canImport(Darwin)
      Darwin.free(UnsafeMutableRawPointer(mutating: text))
    #endif
  }

  static func outOfMemory(_ bytes: Int) -> Never { fatalError("no room for \(bytes) bytes") }
}
