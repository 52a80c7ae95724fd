import DataFiles
import JunctionModel
import RadiativeTransfer

extension ModelReader {
  /// The section `bodies`: two of them.
  func bodies(_ library: MaterialLibrary) throws(FileError) -> RadiatingPair {
    let value = try root.required("bodies")
    let entries = try value.entries(allowed: "a mapping from names to bodies")
    guard entries.count == 2 else {
      throw value.fail(
        .outOfRange, found: "\(entries.count) bodies", allowed: "two bodies that face each other",
        hint: "the first one is body 1, energy fluxes count from it to the second")
    }
    var found: [RadiatingBody] = []
    for (name, position, content) in entries {
      try requireName(name, of: "body", in: value, at: position)
      found.append(try body(name, content, library))
    }
    do { return try RadiatingPair(found[0], found[1]) } catch { throw located(error) }
  }

  private func body(_ name: String, _ value: ModelValue, _ library: MaterialLibrary) throws(FileError) -> RadiatingBody {
    let keys = [
      "half-space": ["material", "biased"], "layers": ["layers", "substrate"], "black-body": ["gap_energy"],
    ]
    let kinds = ["half-space", "layers", "black-body"]
    guard value.node.isMapping, let node = value.node["kind"] else {
      throw value.fail(
        .missingKey, found: value.node.isMapping ? "no key 'kind'" : value.node.summary,
        allowed: "a mapping with the key kind: \(kinds.joined(separator: ", "))")
    }
    let kind = try value.child(node, "kind").word(of: kinds)
    let section = try ModelSection(value, keys: ["kind"] + (keys[kind] ?? []))
    do {
      return try RadiatingBody(name, try self.kind(kind, section, library))
    } catch let error as ModelError {
      throw located(error)
    } catch let error as FileError {
      throw error
    } catch {
      throw value.fail(.invalidModel, found: "\(error)", allowed: "a body")
    }
  }

  private func kind(_ word: String, _ section: ModelSection, _ library: MaterialLibrary) throws(FileError)
    -> RadiatingBody.Kind
  {
    switch word {
    case "half-space":
      return .layers([
        Layer(try library.material(section.required("material")), isBiased: try section.optional("biased")?.boolean() ?? true)
      ])
    case "layers":
      let list = try section.required("layers")
      var layers: [Layer] = []
      for item in try list.list(allowed: "a list of layers from the gap inwards: [{material: InAs, thickness: 500 nm}]") {
        layers.append(try layer(item, library))
      }
      let substrate = try section.required("substrate", hint: "a half-space under the layers; vacuum for a free-standing film")
      return .layers(layers + [try self.substrate(substrate, library)])
    default: return .blackBody(interbandGap: try section.optional("gap_energy")?.number(.energy))
    }
  }

  private func layer(_ value: ModelValue, _ library: MaterialLibrary) throws(FileError) -> Layer {
    let section = try ModelSection(value, keys: ["material", "thickness", "biased"])
    let thickness = try section.required("thickness")
    let length = try thickness.number(.length)
    guard length > 0 else {
      throw thickness.fail(.outOfRange, found: "a thickness of \(length) nm", allowed: "a positive length")
    }
    return Layer(
      try library.material(section.required("material")), thickness: length * 1e-9,
      isBiased: try section.optional("biased")?.boolean() ?? true)
  }

  /// The name of a material, or `{material, biased}`; the bias does not reach a substrate unless it says so.
  private func substrate(_ value: ModelValue, _ library: MaterialLibrary) throws(FileError) -> Layer {
    if value.node.isScalar { return Layer(try library.material(value), isBiased: false) }
    let section = try ModelSection(value, keys: ["material", "biased"])
    return Layer(
      try library.material(section.required("material")), isBiased: try section.optional("biased")?.boolean() ?? false)
  }
}
