import CPairbath
import Pairbath
import PairbathCommandSupport
import ResultFiles
import SystemFiles

/// What a `pairbath_result` is: a result, and the structures through which C reads its numbers where they are.
final class ResultBox {
  let result: TransportResult
  /// The files its model was read from, which are not overwritten.
  let inputs: InputFiles
  private let storage = CStorage()
  private let arrays: ResultArrays
  /// What `pairbath_result_contents` returns.
  let contents: UnsafePointer<pairbath_contents>

  init(
    _ result: TransportResult, notes: [String] = [], exitCode: Int32 = 0, inputs: InputFiles = InputFiles(),
    described: Bool = true
  ) {
    (self.result, self.inputs) = (result, inputs)
    arrays = ResultArrays(result, described: described)
    let storage = storage
    let variables = storage.list(arrays.variables.map { storage.variable($0) })
    let attributes = storage.attributes(arrays.attributes)
    let notes = notes.map { Optional(storage.text($0)) }
    let contents = pairbath_contents(
      variables: variables, variable_count: Int64(arrays.variables.count), attributes: attributes,
      attribute_count: Int64(arrays.attributes.count), exit_code: exitCode, notes: storage.list(notes),
      note_count: Int64(notes.count))
    self.contents = storage.list([contents])!
  }

  /// The pointer C holds; it owns the object.
  var pointer: OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// The object behind C's pointer.
  static func at(_ pointer: OpaquePointer?) throws(CFailure) -> ResultBox {
    guard let pointer else { throw .usage("result", found: "NULL", allowed: "what pairbath_run returned") }
    return Unmanaged<ResultBox>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }
}

extension CStorage {
  fileprivate func variable(_ variable: ResultArrays.Variable) -> pairbath_variable {
    var record = pairbath_variable()
    record.name = text(variable.name)
    record.rank = Int32(variable.dimensions.count)
    record.dimensions = list(variable.dimensions.map { Optional(text($0)) })
    record.shape = list(variable.shape.map { Int64($0) })
    record.count = Int64(variable.shape.reduce(1, *))
    switch variable.contents {
    case .doubles(let numbers): (record.kind, record.numbers) = (Int32(PAIRBATH_DOUBLES), address(of: numbers))
    case .integers(let numbers): (record.kind, record.numbers) = (Int32(PAIRBATH_INTEGERS), address(of: numbers))
    case .strings(let strings):
      (record.kind, record.strings) = (Int32(PAIRBATH_STRINGS), list(strings.map { Optional(text($0)) }))
    }
    record.attributes = attributes(variable.attributes)
    record.attribute_count = Int64(variable.attributes.count)
    return record
  }

  fileprivate func attributes(
    _ attributes: [(name: String, value: ResultArrays.Attribute)]
  ) -> UnsafePointer<pairbath_attribute>? {
    list(
      attributes.map { name, value in
        switch value {
        case .text(let words): pairbath_attribute(name: text(name), text: text(words), numbers: nil, count: 0)
        case .numbers(let numbers):
          pairbath_attribute(name: text(name), text: nil, numbers: list(numbers), count: Int64(numbers.count))
        }
      })
  }

  /// Where the numbers of an array are. A `ResultBox` holds them and nothing changes them, so that they stay there as long as it lives.
  private func address(of numbers: [Double]) -> UnsafePointer<Double>? { numbers.withUnsafeBufferPointer { $0.baseAddress } }
}

@_cdecl("pairbath_result_contents")
public func contents(of result: OpaquePointer?) -> UnsafePointer<pairbath_contents>? { try? ResultBox.at(result).contents }

@_cdecl("pairbath_result_write")
public func writeResult(_ result: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ error: CFailurePlace?) -> Int32 {
  let done: Void? = reporting(to: error) { () throws(CFailure) in
    let box = try ResultBox.at(result)
    guard let path = CText.string(path) else { throw .usage("path", found: "NULL", allowed: "the path of a file") }
    do throws(CommandFailure) { try OutputGuard(inputs: box.inputs, force: false).check(path, for: .result) } catch {
      throw CFailure(error)
    }
    do throws(FileError) { try ResultFile.write(box.result, to: path) } catch { throw CFailure(error) }
  }
  return done == nil ? -1 : 0
}

@_cdecl("pairbath_result_read")
public func readResult(_ path: UnsafePointer<CChar>?, _ error: CFailurePlace?) -> OpaquePointer? {
  reporting(to: error) { () throws(CFailure) in
    guard let path = CText.string(path) else { throw .usage("path", found: "NULL", allowed: "the path of a file") }
    do throws(FileError) {
      let result = try ResultFile.read(from: path)
      return ResultBox(result, exitCode: StatusReport(result).exitCode()).pointer
    } catch { throw CFailure(error) }
  }
}

@_cdecl("pairbath_result_free")
public func freeResult(_ result: OpaquePointer?) {
  guard let result else { return }
  Unmanaged<ResultBox>.fromOpaque(UnsafeRawPointer(result)).release()
}
