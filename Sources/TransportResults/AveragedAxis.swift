/// A variable over which a result is averaged so that nothing of it stays in the averages: wave vectors.
package struct AveragedAxis: Sendable, Equatable {
  /// Name of the variable among the axes of the computation.
  package let name: String
  /// What it has, in words, for example "64 k points, 33 by time reversal".
  package let words: String
  /// Factor of all averages: 1/2 where every number counts twice.
  package let factor: Double
  /// The dimensions that stand in its place in numbers of single values, slowest first; empty where those are not wanted.
  package let resolved: [ResultDimension]
  /// Coordinates over these dimensions.
  package let coordinates: [ResultVariable]

  package init(
    _ name: String, words: String, factor: Double = 1, resolved: [ResultDimension] = [], coordinates: [ResultVariable] = []
  ) {
    (self.name, self.words, self.factor, self.resolved, self.coordinates) = (name, words, factor, resolved, coordinates)
  }
}
