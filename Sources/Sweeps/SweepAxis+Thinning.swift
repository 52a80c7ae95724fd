import JunctionModel

/// Some states of a sweep, evenly spread over its axes.
struct ThinnedSweep {
  /// The axes with fewer values, ends included.
  let axes: [SweepAxis]
  /// The states of the whole sweep that are left, in order.
  let states: [Int]

  /// About `count` states, at least the corners of the axes; an axis of one value in the middle where only one is left.
  init(_ whole: [SweepAxis], to count: Int) {
    var lengths = whole.map { min(2, $0.values.count) }
    while lengths.reduce(1, *) < count {
      let ratios = zip(lengths, whole).map { Double($1.values.count) / Double($0) }
      guard let axis = ratios.indices.max(by: { ratios[$0] < ratios[$1] }), ratios[axis] > 1 else { break }
      lengths[axis] = min(2 * lengths[axis], whole[axis].values.count)
    }
    let chosen = zip(lengths, whole).map { length, axis in
      (0..<length).map { length > 1 ? $0 * (axis.values.count - 1) / (length - 1) : axis.values.count / 2 }
    }
    var states = [0]
    for (indices, axis) in zip(chosen, whole) {
      states = states.flatMap { state in indices.map { state * axis.values.count + $0 } }
    }
    self.states = states
    axes = zip(chosen, whole).map { indices, axis in axis.chosen(indices) }
  }
}
