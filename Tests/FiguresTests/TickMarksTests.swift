import Testing

@testable import Figures

@Suite("Marks of axes")
struct TickMarksTests {
  private func labelsAreApart(_ marks: TickMarks, _ range: AxisRange, _ room: Double, _ direction: TickMarks.Direction) -> Bool {
    zip(marks.major, marks.major.dropFirst()).allSatisfy { a, b in
      let distance = (range.fraction(b.place) - range.fraction(a.place)) * room
      let half = { (mark: TickMarks.Major) in Typography.width(mark.label) * FigureFormat.fontSize / 2 }
      return distance > (direction == .horizontal ? half(a) + half(b) : FigureFormat.fontSize)
    }
  }

  @Test("no two numbers run into each other, whatever the range and the size")
  func apart() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed)
    for _ in 0..<3000 {
      let scale = SyntheticResults.power(10, Double.random(in: -6...6, using: &generator))
      let low = Double.random(in: -3...3, using: &generator) * scale
      let range = AxisRange(low: low, high: low + Double.random(in: 0.001...3, using: &generator) * scale)
      for direction in [TickMarks.Direction.horizontal, .vertical] {
        let room = Double.random(in: 60...700, using: &generator)
        let marks = TickMarks(range, room: room, direction)
        #expect((1...9).contains(marks.major.count), "seed \(seed): \(range)")
        #expect(marks.major.count == 1 || labelsAreApart(marks, range, room, direction), "seed \(seed): \(range) \(room)")
        #expect(Set(marks.major.map(\.label)).count == marks.major.count, "seed \(seed): \(range)")
        #expect(
          marks.major.allSatisfy { range.fraction($0.place) > -1e-6 && range.fraction($0.place) < 1 + 1e-6 }, "seed \(seed)")
      }
    }
  }

  @Test("a logarithmic axis has powers of ten at equal distances, over any number of decades")
  func logarithmic() {
    for decades in [0.2, 0.8, 1.4, 2, 5, 12, 40, 170] {
      let values = [1.3e-150, 1.3e-150 * SyntheticResults.power(10, decades)]
      let range = AxisRange(exactly: values, log: true)
      for direction in [TickMarks.Direction.horizontal, .vertical] {
        let marks = TickMarks(range, room: 150, direction)
        #expect(((decades < 1.5 ? 1 : 2)...12).contains(marks.major.count), "\(decades) decades: \(marks.major.map(\.label))")
        #expect(labelsAreApart(marks, range, 150, direction), "\(decades) decades")
        #expect(marks.minor.count < 200)
      }
    }
  }

  @Test("what lies 170 decades below the largest value is rounding and is not shown unless asked for")
  func decades() {
    #expect(AxisRange(around: [1e-170, 1], log: true).decades < 17)
    #expect(AxisRange(around: [1e-5, 1], log: true).low < 1e-5)
  }

  @Test("numbers have no blank in front, a real minus sign and the decimals of their step")
  func numbers() {
    let marks = TickMarks(AxisRange(low: -0.4, high: 0.15), room: 150, .vertical)
    #expect(marks.major.map(\.label) == ["−0.4", "−0.3", "−0.2", "−0.1", "0.0", "0.1"])
    #expect(marks.list().hasPrefix("('−0.4' -0.4, "))
    #expect(TickMarks.number(-2.5e-7) == "−2.5×10^{−7}")
    #expect(TickMarks.number(1e9) == "10^{9}")
  }

  @Test("whole numbers have no marks between them")
  func whole() {
    let marks = TickMarks(AxisRange(low: -0.4, high: 1.4), room: 150, .vertical, wholeNumbers: true)
    #expect(marks.major.map(\.label) == ["0", "1"])
  }

  @Test("the values of a family have as many digits as tell them apart")
  func family() {
    let texts = CurveStyle.numbers((0..<10).map { 10 + 1e-5 * Double($0) })
    #expect(Set(texts).count == 10 && texts[0] == "10" && texts[1] == "10.00001")
  }
}

@Suite("Widths of letters")
struct TextMetricsTests {
  @Test("markup takes no room and indices take less")
  func widths() {
    let plain = Typography.width("V (V)")
    #expect(Typography.width("{/:Italic V} (V)") == plain)
    #expect(Typography.width("T_{ph}") < Typography.width("Tph") && Typography.width("T_{ph}") > Typography.width("T"))
    #expect(Typography.width("a\\_b") == Typography.width("a") + Typography.width("b") + 0.556)
  }

  @Test("text that does not fit is drawn smaller")
  func fitting() {
    let text = "Second derivative of the current"
    #expect(Typography.fitting(text, room: 1000) == text)
    let small = Typography.fitting(text, room: 60)
    #expect(small.hasPrefix("{/*0.") && Typography.width(small) * FigureFormat.fontSize < 61)
  }
}
