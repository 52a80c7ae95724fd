import DataFiles
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@testable import ForeignFormats

@Suite("Transport calculations of TBtrans")
struct TBtransSourceTests {
  /// A job in a folder: its files and fdf, the transmissions between the first two electrodes.
  struct Job {
    let folder: String
    var device: TestCrystal
    var electrode: TestCrystal
    var left = "  electrode-position 1"
    var right = "  electrode-position end -1"
    var rest = "TBT.Elecs.Eta 1e-7 eV\nTBT.Contours.Eta 0. eV\n"
    var energies = "from -1.5 eV to 1.5 eV\n points 3"
    var file = "ELEC.TSHS"

    func write() throws {
      try device.tshs().write(folder + "/DEVICE.TSHS")
      try electrode.tshs().write(folder + "/ELEC.TSHS")
      let text = """
        TBT.HS DEVICE.TSHS
        %block TBT.Elec.Left
          HS \(file)
          semi-inf-direction -a1
        \(left)
        %endblock
        %block TBT.Elec.Right
          HS \(file)
          semi-inf-direction + a1
        \(right)
        %endblock
        %block TBT.Contour.line
          \(energies)
          method mid-rule
        %endblock
        \(rest)
        """
      try text.write(toFile: folder + "/RUN.fdf", atomically: true, encoding: .utf8)
    }

    func imported() throws -> ImportedModel {
      try write()
      return try ImportFormats.read("tbtrans", ImportRequest(files: [folder + "/RUN.fdf"]))
    }

    func transmissions() throws -> [Double] {
      try ImportFolder(folder + "/out", force: true).write(try imported()) { _ in }
      let result = try ModelFile.read(file: folder + "/out/model.yaml").run()
      let t = try #require(result.variable("transmission"))
      let n = try #require(result.dimension("energy")).count
      return Array(t.values[n..<(2 * n)])
    }

    func message() throws -> String { (#expect(throws: FileError.self) { try imported() })?.description ?? "" }
  }

  @Test("A perfect chain conducts one channel, whatever its overlap, and two columns of a sheet as many as their bands say")
  func perfect() throws {
    try withTemporaryFolder { folder in
      let chain = Job(
        folder: folder, device: .sheet(cells: 5, width: 1, across: 0, overlap: 0.15),
        electrode: .sheet(cells: 1, width: 1, across: 0, overlap: 0.15))
      // 1e-6: eta, 1e-7 eV, over the hopping times the length.
      for t in try chain.transmissions() { #expect(abs(t - 1) < 1e-6, "\(t)") }
      // Bands 2t' cos k + ... at k = 0 and 1/2 across: -1 - 2 cos k_x and 1 - 2 cos k_x overlap between -1 and 1.
      let sheet = Job(
        folder: folder, device: .sheet(cells: 4, width: 1), electrode: .sheet(cells: 1, width: 1),
        rest: "TBT.Elecs.Eta 1e-7 eV\nTBT.Contours.Eta 0 eV\nTBT.k [1 2 1]\n", energies: "from -3 eV to 3 eV\n points 3")
      for (t, expected) in zip(try sheet.transmissions(), [0.5, 1, 0.5]) { #expect(abs(t - expected) < 1e-6, "\(t)") }
    }
  }

  @Test("A single level in a chain reflects as (1 + (U/2 sin k)^2)^-1 says; Fermi energies of the files do not matter")
  func barrier() throws {
    try withTemporaryFolder { folder in
      let u = 0.8
      var job = Job(
        folder: folder, device: .sheet(cells: 5, width: 1, across: 0, level: 0.4, shifts: [2: u]),
        electrode: .sheet(cells: 1, width: 1, across: 0, level: -1.7))
      (job.device.fermi, job.electrode.fermi) = (0.4, -1.7)
      for (t, e) in zip(try job.transmissions(), [-1, 0, 1.0]) {
        let velocity = (4 - e * e).squareRoot()
        let expected = 1 / (1 + (u / velocity) * (u / velocity))
        #expect(abs(t - expected) < 1e-6, "\(t) at \(e), expected \(expected)")
      }
    }
  }

  @Test("The electrodes' own matrices of the device are replaced by the bulk, and kept with Bulk false")
  func bulk() throws {
    try withTemporaryFolder { folder in
      var job = Job(
        folder: folder, device: .sheet(cells: 5, width: 1, across: 0, shifts: [0: 0.3, 4: 0.3]),
        electrode: .sheet(cells: 1, width: 1, across: 0))
      for t in try job.transmissions() { #expect(abs(t - 1) < 1e-6, "\(t)") }
      job.rest += "TBT.Elecs.Bulk false\n"
      #expect(try job.transmissions()[1] < 0.99)
    }
  }

  @Test(
    "Bloch expansion, used atoms and atoms moved by lattice vectors describe the same junction as an electrode of the device's width"
  )
  func equivalents() throws {
    try withTemporaryFolder { folder in
      let device = TestCrystal.sheet(cells: 5, width: 2, shifts: [4: 0.9])
      let k = "TBT.Elecs.Eta 1e-5 eV\nTBT.Contours.Eta 0 eV\nTBT.k [1 3 1]\n"
      var job = Job(folder: folder, device: device, electrode: .sheet(cells: 1, width: 2), rest: k)
      let wide = try job.transmissions()
      job.electrode = .sheet(cells: 1, width: 1)
      (job.left, job.right) = ("  elec-pos begin 1\n  Bloch 1 2 1", "  elec-pos end 10\n  Bloch-a2 2")
      let bloch = try job.transmissions()
      job.electrode = .sheet(cells: 2, width: 2)
      (job.left, job.right) = ("  electrode-position 1\n  used-atoms 2", "  electrode-position end -1\n  used-atoms 2")
      let used = try job.transmissions()
      // One atom of the left electrode is written a lattice vector away.
      job.electrode = .sheet(cells: 1, width: 2)
      (job.left, job.right) = ("  electrode-position 1", "  electrode-position end -1")
      job.device.positions[1][1] += 4
      for index in job.device.elements.indices {
        if job.device.elements[index].i == 1 { job.device.elements[index].r[1] += 1 }
        if job.device.elements[index].j == 1 { job.device.elements[index].r[1] -= 1 }
      }
      let moved = try job.transmissions()
      for other in [bloch, used, moved] {
        // 1e-9: the same leads in other cells, to rounding over eta.
        for (a, b) in zip(wide, other) { #expect(abs(a - b) < 1e-9, "\(wide) \(other)") }
      }
    }
  }

  @Test("Two spins are two files and a sum, and what one of them transmits stays within its own channel")
  func spins() throws {
    try withTemporaryFolder { folder in
      let job = Job(
        folder: folder, device: .sheet(cells: 4, width: 1, across: 0, spins: 2),
        electrode: .sheet(cells: 1, width: 1, across: 0, spins: 2), energies: "from 1.8 eV to 2.4 eV\n points 3")
      let imported = try job.imported()
      #expect(imported.otherData.map(\.name) == ["junction_up.nc", "junction_down.nc"] && imported.data == nil)
      // Up ends at 2 eV, down, 0.3 eV higher, at 2.3 eV: energies 1.9, 2.1 and 2.3, the last on an edge.
      let t = try job.transmissions()
      #expect(abs(t[0] - 2) < 1e-5 && abs(t[1] - 1) < 1e-5, "\(t)")
    }
  }

  @Test("The device's eta takes electrons up; without a device region, and with one whose outside counts to the electrodes")
  func deviceEta() throws {
    try withTemporaryFolder { folder in
      var job = Job(
        folder: folder, device: .sheet(cells: 8, width: 1, across: 0), electrode: .sheet(cells: 1, width: 1, across: 0),
        rest: "TBT.Elecs.Eta 1e-7 eV\nTBT.Contours.Eta 10 meV\n", energies: "from -0.1 eV to 0.1 eV\n points 1")
      // Absorption 2 eta on each of six sites at velocity 2: T = (1 + 6 eta/2)^-2 to first order; reflections are of second order.
      let whole = try job.transmissions()[0]
      #expect(abs(whole - (1 - 6 * 0.01)) < 3e-3, "\(whole)")
      job.rest += "TBT.Atoms.Device [4 -- 5]\n"
      let part = try job.transmissions()[0]
      #expect(part > whole && abs(part - (1 - 2 * 0.01)) < 3e-3, "\(part)")
    }
  }

  @Test("A missing file is looked for beside the fdf, and that is said")
  func besideTheInput() throws {
    try withTemporaryFolder { folder in
      var job = Job(
        folder: folder, device: .sheet(cells: 3, width: 1, across: 0), electrode: .sheet(cells: 1, width: 1, across: 0))
      job.file = "elsewhere/ELEC.TSHS"
      let found = try job.imported().leftOut
      #expect(found.contains { $0.contains("is not there") })
      job.file = "elsewhere/OTHER.TSHS"
      #expect(try job.message().contains("RUN.fdf:3"))
    }
  }

  @Test("Electrodes that do not fit are refused with what differs and how to mend it")
  func misfits() throws {
    try withTemporaryFolder { folder in
      let good = Job(
        folder: folder, device: .sheet(cells: 4, width: 1), electrode: .sheet(cells: 1, width: 1),
        rest: "TBT.Contours.Eta 0 eV\nTBT.k [1 3 1]\n")
      var job = good
      job.electrode = .sheet(cells: 1, width: 1, reach: 2, far: -0.2)
      var words = try job.message()
      #expect(words.contains("principal layer is too small") && words.contains("0.2"), "\(words)")
      job.rest += "TBT.Elecs.Neglect.Principal T\n"
      let neglected = try job.imported().leftOut
      #expect(neglected.contains { $0.contains("0.2") })
      job = good
      job.electrode.cell[1] = [0, 2.3, 0]
      words = try job.message()
      #expect(words.contains("2.3") && words.contains("2.0"), "\(words)")
      job = good
      job.electrode.orbitalsPerAtom = 2
      job.electrode.elements = [
        (0, 0, [0, 0, 0], [0], 1), (1, 1, [0, 0, 0], [0], 1), (0, 1, [1, 0, 0], [-1], 0), (1, 0, [-1, 0, 0], [-1], 0),
      ]
      words = try job.message()
      #expect(words.contains("2 orbitals on atom 1") && words.contains("1, as on atom"), "\(words)")
      job = good
      job.electrode.elements.removeAll { $0.r[1] != 0 }
      words = try job.message()
      #expect(words.contains("Gamma point") && words.contains("3 points"), "\(words)")
      job = good
      job.electrode.elements.removeAll { $0.r[0] != 0 }
      #expect(try job.message().contains("not coupled along a1"))
      job = good
      job.device = .sheet(cells: 2, width: 1)
      #expect(try job.message().contains("no atom between the electrodes"))
      job = good
      job.left = "  electrode-position 9"
      #expect(try job.message().contains("in a device of 4"))
      job.left = "  electrode-position end -1"
      #expect(try job.message().contains("Left and Right"))
      job = good
      job.device.positions[0][0] = 0.3
      job.electrode = .sheet(cells: 2, width: 1)
      #expect(try job.message().contains("angstrom away"))
      job = good
      job.device.elements.append((0, 3, [0, 0, 0], [-0.1], 0))
      job.device.elements.append((3, 0, [0, 0, 0], [-0.1], 0))
      #expect(try job.message().contains("coupled to each other"))
      job = good
      for index in job.electrode.elements.indices where job.electrode.elements[index].r[0] != 0 {
        job.electrode.elements[index].s = -0.6
      }
      #expect(try job.message().contains("positive definite"))
    }
  }

  @Test("Self-energies that are not a TBT.SE.nc are told so")
  func tables() throws {
    try withTemporaryFolder { folder in
      let job = Job(
        folder: folder, device: .sheet(cells: 3, width: 1, across: 0), electrode: .sheet(cells: 1, width: 1, across: 0))
      try job.write()
      let file = try NetCDFFile(creating: folder + "/a.TBT.SE.nc")
      try file.defineDimension("x", length: 1)
      try file.defineVariable("E", over: ["x"])
      try file.write([1], to: "E")
      try file.close()
      let error = #expect(throws: FileError.self) {
        try ImportFormats.read(
          "tbtrans", ImportRequest(files: [folder + "/RUN.fdf"], options: [.electrodes: folder + "/a.TBT.SE.nc"]))
      }
      #expect(error?.description.contains("TBT.SelfEnergy.Save") == true)
    }
  }
}
