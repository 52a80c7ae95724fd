import Foundation
import SystemFiles
import Testing

@testable import ExplorerServer

@Suite("Who may ask the server of a live page")
struct RequestGuardTests {
  private let doorman = RequestGuard(token: "0123456789abcdef", port: 8000)

  @Test("the page itself may, by number and by name")
  func allowed() {
    #expect(doorman.place(path: "/0123456789abcdef/api/model", host: "127.0.0.1:8000", origin: nil, site: nil) == "api/model")
    #expect(
      doorman.place(path: "/0123456789abcdef/", host: "localhost:8000", origin: "http://localhost:8000", site: "same-origin")
        == "")
  }

  @Test(
    "other names, pages, tokens and ports may not",
    arguments: [
      ("/0123456789abcdef/api/model", "evil.example:8000", nil, nil), ("/0123456789abcdef/api/model", "127.0.0.1:8001", nil, nil),
      ("/0123456789abcdef/api/model", nil, nil, nil),
      ("/0123456789abcdef/api/model", "127.0.0.1:8000", "http://evil.example", nil),
      ("/0123456789abcdef/api/model", "127.0.0.1:8000", "null", nil), ("/0123456789abcdef/", "127.0.0.1:8000", nil, "cross-site"),
      ("/0123456789abcdee/api/model", "127.0.0.1:8000", nil, nil), ("/", "127.0.0.1:8000", nil, nil),
      ("", "127.0.0.1:8000", nil, nil),
      ("0123456789abcdef/", "127.0.0.1:8000", nil, nil), ("//0123456789abcdef/", "127.0.0.1:8000", nil, nil),
      ("/0123456789abcdef", "127.0.0.1:8000", nil, nil),
    ] as [(String, String?, String?, String?)])
  func refused(_ request: (path: String, host: String?, origin: String?, site: String?)) {
    #expect(doorman.place(path: request.path, host: request.host, origin: request.origin, site: request.site) == nil)
  }

  @Test("tokens are 128 bits, and never the same")
  func tokens() {
    let tokens = (0..<100).map { _ in RequestGuard.newToken() }
    #expect(Set(tokens).count == 100 && tokens.allSatisfy { $0.count == 32 })
  }

  @Test("the folder of the page gives its own files only")
  func files() throws {
    let folder = try ScratchFolder()
    let names = ["index.html", "plotly.min.js", "secret.key"]
    defer { folder.remove(names) }
    for name in names { try name.write(toFile: folder.file(name), atomically: true, encoding: .utf8) }
    let path = URL(fileURLWithPath: folder.file("index.html")).deletingLastPathComponent().path
    let page = try PageFolder(path)
    #expect(page.file("")?.kind == "text/html; charset=utf-8")
    #expect(page.file("plotly.min.js") != nil)
    for name in ["secret.key", "../index.html", "/etc/passwd", "index.html/../secret.key", "%2e%2e/x.html", "a/b.js"] {
      #expect(page.file(name) == nil, "\(name)")
    }
    #expect(throws: ExplorerFailure.self) { _ = try PageFolder(path + "/nowhere") }
  }
}
