import Figures
import SystemFiles

/// What a command may write where: never over what it reads, and over other files only of the same kind.
package struct OutputGuard: Sendable {
  /// What is written.
  package enum Content: Sendable, Equatable {
    /// A result (NetCDF).
    case result
    /// A model found by a search.
    case model
    /// Tables, CSV, JSON.
    case text
    /// A MAT-file.
    case matlab
    /// A figure.
    case figure(FigureFormat)
    /// A script, or the numbers beside it.
    case script
  }

  private let inputs: InputFiles
  private let force: Bool

  /// - Parameters:
  ///   - inputs: files that the command reads; no option makes it overwrite them.
  ///   - force: replaces files of any other kind.
  package init(inputs: InputFiles, force: Bool) { (self.inputs, self.force) = (inputs, force) }

  /// True if a path leads to a file the command reads.
  package func isInput(_ path: String) -> Bool { inputs.name(of: path) != nil }

  /// Refuses, before long work starts, what must not be overwritten (64) and what cannot be written (74).
  package func check(_ path: String, for content: Content) throws(CommandFailure) {
    if path != OutputTarget.standardOutput, let name = inputs.name(of: path) {
      let same = name == path ? "a file" : "the same file as '\(name)',"
      throw .usage("--output: '\(path)' is \(same) which this command reads; next: name another file")
    }
    let target: OutputTarget
    do { target = try OutputTarget(path) } catch { throw CommandFailure(error) }
    if content == .matlab, let head = FileBytes.head(path, count: 10), head.elementsEqual("MATLAB 5.0".utf8) { return }
    guard !target.isStandardOutput, !force, let kind = FileKind(of: path), !Self.mayReplace(kind, content, path) else { return }
    let words = Self.isModel(kind, path) ? "a model" : kind.words
    throw .usage(
      "--output: '\(path)' exists and is \(words); only \(Self.words(content)) is replaced by one; "
        + "next: name another file, or add --force")
  }

  private static func mayReplace(_ kind: FileKind, _ content: Content, _ path: String) -> Bool {
    switch (kind, content) {
    case (.empty, _), (.result, .result): return true
    case (.picture(let found), .figure(let format)): return found == format.rawValue
    case (.text(let line), .model): return line.hasPrefix(OptimizationReport.mark)
    case (.text, .text): return !isModel(kind, path)
    case (.text, .script):
      // The numbers have no mark of their own: the script beside them has.
      guard case .text(let line)? = FileKind(of: path.hasSuffix(".dat") ? String(path.dropLast(4)) + ".gp" : path) else {
        return false
      }
      return line.hasPrefix(FigureRenderer.scriptMark)
    default: return false
    }
  }

  /// A model is the work of somebody; its name or the mark of a search tells.
  private static func isModel(_ kind: FileKind, _ path: String) -> Bool {
    guard case .text(let line) = kind else { return false }
    return ["yaml", "yml"].contains { path.lowercased().hasSuffix("." + $0) } || line.hasPrefix(OptimizationReport.mark)
  }

  private static func words(_ content: Content) -> String {
    switch content {
    case .result: return "a Pairbath result"
    case .model: return "a model that 'pairbath optimize' wrote"
    case .text: return "a text that is no model"
    case .matlab: return "a MAT-file"
    case .figure(let format): return "a figure of the same format (\(format.rawValue.uppercased()))"
    case .script: return "a script that 'pairbath plot' wrote, with its numbers,"
    }
  }
}
