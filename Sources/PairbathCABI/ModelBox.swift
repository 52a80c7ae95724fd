import CPairbath
import DataFiles
import ModelFiles
import Pairbath

/// What a `pairbath_model` is: a model, and what it was read from, so that it can be read again with changes.
final class ModelBox: Sendable {
  let model: ModelFile
  let text: ParsedModel
  let overrides: [String]
  let tolerance: Double?
  let arrays: [NamedArray]

  private init(
    _ text: ParsedModel, overrides: [String], tolerance: Double?, arrays: [NamedArray]
  ) throws(CFailure) {
    (self.text, self.overrides, self.tolerance, self.arrays) = (text, overrides, tolerance, arrays)
    do throws(FileError) { model = try text.model(arrays: arrays, overrides: overrides, tolerance: tolerance) } catch {
      throw CFailure(error)
    }
  }

  /// Reads what C describes.
  convenience init(_ source: pairbath_source) throws(CFailure) {
    let name = CText.string(source.file)
    let text: ParsedModel
    do throws(FileError) {
      if let given = CText.string(source.text) {
        text = try ParsedModel(given, named: name ?? "model", folder: CText.string(source.folder) ?? ".")
      } else if let name {
        text = try ParsedModel(file: name)
      } else {
        throw FileError(.missingKey, in: "pairbath_source", found: "neither text nor file", allowed: "one of them")
      }
    } catch { throw CFailure(error) }
    try self.init(
      text, overrides: CText.strings(source.overrides, count: source.override_count), tolerance: try source.wantedTolerance(),
      arrays: try source.namedArrays())
  }

  /// The same with further changes.
  convenience init(_ box: ModelBox, _ change: pairbath_source) throws(CFailure) {
    let added = try change.namedArrays()
    let names = Set(added.map(\.name))
    try self.init(
      box.text, overrides: box.overrides + CText.strings(change.overrides, count: change.override_count),
      tolerance: try change.wantedTolerance() ?? box.tolerance, arrays: box.arrays.filter { !names.contains($0.name) } + added)
  }

  /// The pointer C holds; it owns the object.
  var pointer: OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// The object behind C's pointer.
  static func at(_ pointer: OpaquePointer?) throws(CFailure) -> ModelBox {
    guard let pointer else { throw .usage("model", found: "NULL", allowed: "what pairbath_model_read returned") }
    return Unmanaged<ModelBox>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }
}

extension pairbath_source {
  fileprivate func wantedTolerance() throws(CFailure) -> Double? {
    if tolerance == 0 { return nil }
    guard tolerance > 0, tolerance < 1 else {
      throw .usage("tolerance", found: "\(tolerance)", allowed: "a number between 0 and 1, for example 1e-8")
    }
    return tolerance
  }

  fileprivate func namedArrays() throws(CFailure) -> [NamedArray] {
    guard let arrays, array_count > 0 else { return [] }
    var result: [NamedArray] = []
    for index in 0..<Int(array_count) { result += try arrays[index].namedArrays() }
    return result
  }
}

extension pairbath_array {
  /// The array, and its imaginary part as another one.
  fileprivate func namedArrays() throws(CFailure) -> [NamedArray] {
    guard let name = CText.string(name), rank >= 0, rank <= 32, rank == 0 || shape != nil else {
      throw .usage("arrays", found: "an array without name or shape", allowed: "both")
    }
    var lengths: [Int] = []
    var count = 1
    for axis in 0..<Int(rank) {
      let length = Int(shape[axis])
      let (product, overflow) = count.multipliedReportingOverflow(by: max(length, 0))
      guard length >= 0, !overflow else { throw .usage(name, found: "a dimension of length \(length)", allowed: "0 or more") }
      lengths.append(length)
      count = product
    }
    // More than there can be is a wrong shape, and copying it would end the process.
    guard count <= 1 << 21 || count <= ReadingBudget.available / 16 else {
      throw .usage(name, found: "the shape \(lengths)", allowed: "arrays that fit into memory")
    }
    guard values != nil || count == 0 else {
      throw .usage(name, found: "no numbers", allowed: "\(count), row by row")
    }
    let numbers = Array(UnsafeBufferPointer(start: values, count: values == nil ? 0 : count))
    let real = NamedArray(name, shape: lengths, values: numbers, attributes: attributeTexts)
    guard imaginary != nil else { return [real] }
    return [
      real,
      NamedArray(
        name + "_imag", shape: lengths, values: Array(UnsafeBufferPointer(start: imaginary, count: count)),
        attributes: attributeTexts),
    ]
  }

  private var attributeTexts: [String: String] {
    guard let attributes else { return [:] }
    var texts: [String: String] = [:]
    var at = 0
    while let name = CText.string(attributes[at]), let text = CText.string(attributes[at + 1]) {
      texts[name] = text
      at += 2
    }
    return texts
  }
}

@_cdecl("pairbath_model_read")
public func readModel(_ source: UnsafePointer<pairbath_source>?, _ error: CFailurePlace?) -> OpaquePointer? {
  reporting(to: error) { () throws(CFailure) in
    guard let source else { throw .usage("source", found: "NULL", allowed: "a pairbath_source") }
    return try ModelBox(source.pointee).pointer
  }
}

@_cdecl("pairbath_model_change")
public func changeModel(
  _ model: OpaquePointer?, _ change: UnsafePointer<pairbath_source>?, _ error: CFailurePlace?
) -> OpaquePointer? {
  reporting(to: error) { () throws(CFailure) in
    let box = try ModelBox.at(model)
    guard let change else { throw .usage("change", found: "NULL", allowed: "a pairbath_source") }
    return try ModelBox(box, change.pointee).pointer
  }
}

@_cdecl("pairbath_model_save")
public func saveModel(_ model: OpaquePointer?, _ folder: UnsafePointer<CChar>?, _ error: CFailurePlace?) -> Int32 {
  let done: Void? = reporting(to: error) { () throws(CFailure) in
    let box = try ModelBox.at(model)
    guard let folder = CText.string(folder) else { throw .usage("folder", found: "NULL", allowed: "the path of a folder") }
    let model = folder + "/model.yaml"
    if box.model.inputs.name(of: model) != nil || box.model.inputs.name(of: folder + "/junction.nc") != nil {
      throw .usage("folder", found: "'\(folder)', whose files the model was read from", allowed: "another folder")
    }
    do throws(FileError) {
      if let name = box.model.header.relativeDataFiles.first {
        throw FileError(
          .cannotWrite, in: model, found: "the data file '\(name)', which would not be found there",
          allowed: "models whose data are in memory or named by absolute paths", hint: "copy the model with its data")
      }
      try box.text.save(in: folder, arrays: box.arrays, overrides: box.overrides)
    } catch { throw CFailure(error) }
  }
  return done == nil ? -1 : 0
}

@_cdecl("pairbath_model_free")
public func freeModel(_ model: OpaquePointer?) {
  guard let model else { return }
  Unmanaged<ModelBox>.fromOpaque(UnsafeRawPointer(model)).release()
}
