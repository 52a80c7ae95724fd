import BoundedSearch
import Foundation
import TestKinds
import Testing

@Suite("BoundedSearch", .serialized)
struct BoundedSearchTests {
  private static func search(
    _ bounds: [ClosedRange<Double>], evaluations: Int = 600, tolerance: Double = 1e-5, _ function: ([Double]) -> Double
  ) -> BoundedSearch.Outcome {
    BoundedSearch(bounds: bounds, evaluations: evaluations, tolerance: tolerance).maximize { .value(function($0)) }
  }

  @Test("the top of a parabola is found to the tolerance", arguments: 1...4)
  func parabola(dimensions: Int) throws {
    let centre = (0..<dimensions).map { 0.3 + 0.17 * Double($0) }
    let bounds = [ClosedRange<Double>](repeating: -1...2, count: dimensions)
    let found = Self.search(bounds, evaluations: 2000) { x in
      var value = 3.0
      for i in x.indices { value -= (x[i] - centre[i]) * (x[i] - centre[i]) }
      return value
    }
    let point = try #require(found.point)
    #expect(found.ending == .rested)
    // A simplex rests within a few steps of the tolerance times the range.
    for (x, c) in zip(point, centre) { #expect(abs(x - c) < 3e-4) }
    #expect(3 - found.value < 1e-7)
  }

  @Test("the highest of many hills is found")
  func manyHills() throws {
    // Rastrigin's function with its top, 0, at (0.4, -0.7): one hill per unit square, 11 x 11 of them.
    let found = Self.search([-5.12...5.5, -5.7...5.12], evaluations: 3000) { x in
      let top = [0.4, -0.7]
      var value = 0.0
      for i in x.indices {
        let d = x[i] - top[i]
        value -= d * d + 10 * (1 - cos(2 * Double.pi * d))
      }
      return value
    }
    let point = try #require(found.point)
    #expect(abs(point[0] - 0.4) < 1e-3 && abs(point[1] + 0.7) < 1e-3, "\(found)")
  }

  @Test("the six-hump camel's value is the published one", .tags(.golden))
  func camel() {
    let found = Self.search([-3...3, -2...2]) { p in
      let (x, y) = (p[0], p[1])
      let first: Double = (4 - 2.1 * x * x + x * x * x * x / 3) * x * x
      let last: Double = (4 * y * y - 4) * y * y
      return -first - x * y - last
    }
    #expect(abs(found.value - 1.031628453489877) < 1e-8)
  }

  @Test("a curved valley is followed to its end")
  func valley() throws {
    let found = Self.search([-2...2, -1...3], evaluations: 4000) { p in
      let (a, b) = (1 - p[0], p[1] - p[0] * p[0])
      return -(a * a + 100 * b * b)
    }
    let point = try #require(found.point)
    #expect(abs(point[0] - 1) < 0.02 && abs(point[1] - 1) < 0.04, "\(found)")
  }

  @Test("a maximum on the edge is found exactly")
  func edge() {
    let found = Self.search([-1...3, 0.1...0.7]) { $0[0] - $0[1] }
    #expect(found.point == [3, 0.1])
  }

  @Test("points stay inside the bounds and the budget")
  func limits() {
    for evaluations in [1, 2, 3, 7, 50] {
      var count = 0
      let found = BoundedSearch(bounds: [2...3, -1 ... -0.5], evaluations: evaluations).maximize { x in
        count += 1
        #expect((2...3).contains(x[0]) && (-1 ... -0.5).contains(x[1]))
        return .value(-x[0] * x[1])
      }
      #expect(count == found.evaluations && count <= evaluations && count > 0)
      #expect(found.point != nil)
    }
  }

  @Test("points without a value are passed by")
  func holes() throws {
    // The top of the parabola itself has no value.
    let found = BoundedSearch(bounds: [-1...1, -1...1], evaluations: 800, tolerance: 1e-5).maximize { x in
      let r = (x[0] * x[0] + x[1] * x[1]).squareRoot()
      if r < 0.5 { return .undefined }
      return r > 0.9 ? .value(.nan) : .value(-(r - 0.2) * (r - 0.2) + 0.1 * x[0])
    }
    let point = try #require(found.point)
    // On the rim of the hole, where 0.1 x is largest: (0.5, 0).
    #expect(abs(point[0] - 0.5) < 5e-3 && abs(point[1]) < 0.1, "\(found)")
  }

  @Test("without any value there is no best point")
  func nothing() {
    let found = BoundedSearch(bounds: [0...1], evaluations: 40).maximize { _ in .undefined }
    #expect(found.point == nil && found.evaluations <= 40)
  }

  @Test("points without a value count, so that a search that finds none ends", arguments: [1, 2])
  func endless(dimensions: Int) {
    var count = 0
    let bounds = [ClosedRange<Double>](repeating: -1...1, count: dimensions)
    let found = BoundedSearch(bounds: bounds, evaluations: 10_000_000).maximize { _ in
      count += 1
      return .undefined
    }
    #expect(found.point == nil && found.evaluations == count && count <= 2500)
    #expect(found.ending == .outOfEvaluations)
  }

  @Test("nothing is asked for after a stop, not even by a search that knows no value")
  func silence() {
    for dimensions in 1...12 {
      for step in [0, 1, 2 * dimensions, 2 * dimensions + 1, 2 * dimensions + 2, 60] {
        for defined in [false, true] {
          var (count, late) = (0, 0)
          let found = BoundedSearch(bounds: [ClosedRange<Double>](repeating: 0...1, count: dimensions), evaluations: 628).maximize
          { x in
            if count > step { late += 1 }
            count += 1
            return count > step ? .stop : defined ? .value(x[0]) : .undefined
          }
          #expect(found.ending == .stopped && late == 0 && found.evaluations == step)
        }
      }
    }
  }

  @Test("a stopped search answers with the best so far")
  func stopped() throws {
    var seen: [Double] = []
    let found = BoundedSearch(bounds: [0...1], evaluations: 400).maximize { x in
      guard seen.count < 9 else { return .stop }
      seen.append(x[0])
      return .value(x[0])
    }
    #expect(found.ending == .stopped && found.evaluations == 9)
    #expect(try #require(found.point)[0] == seen.max())
  }

  @Test("a search can be stopped at any step", arguments: [0, 1, 2, 3, 4, 5, 7, 20, 90])
  func stoppedEarly(step: Int) {
    for dimensions in 1...3 {
      var count = 0
      let found = BoundedSearch(bounds: [ClosedRange<Double>](repeating: -1...1, count: dimensions), evaluations: 120).maximize {
        guard count < step else { return .stop }
        count += 1
        return .value(-$0[0] * $0[0])
      }
      #expect(found.evaluations == count && (found.point == nil) == (count == 0))
    }
  }

  @Test("the same search takes the same steps")
  func determined() {
    func path() -> [[Double]] {
      var points: [[Double]] = []
      _ = BoundedSearch(bounds: [-1...1, 0...2], evaluations: 200).maximize {
        points.append($0)
        return .value(sin(5 * $0[0]) * cos(3 * $0[1]))
      }
      return points
    }
    #expect(path() == path())
  }
}
