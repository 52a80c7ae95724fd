#if Explorer
  import Exploration
  import FlyingFox
  import FlyingSocks
  import Foundation
  import Synchronization

  /// The server itself: HTTP on the loopback interface.
  final class LoopbackServer: Sendable {
    private let service: ExplorationService
    private let page: PageFolder
    private let port: UInt16
    private let token = RequestGuard.newToken()
    private let failure = Mutex<String?>(nil)
    private let guarding = Mutex<RequestGuard?>(nil)

    init(_ service: ExplorationService, _ options: ExplorerServer.Options) throws(ExplorerFailure) {
      self.service = service
      page = try PageFolder(options.page)
      port = options.port
    }

    /// Serves until `isEnded`, and looks after the model's files meanwhile.
    func run(
      started: @escaping @Sendable (String) -> Void, isEnded: @escaping @Sendable () -> Bool
    ) throws(ExplorerFailure) {
      let address: sockaddr_in
      do { address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port) } catch {
        throw ExplorerFailure("127.0.0.1: \(error.localizedDescription)")
      }
      if port != 0, let words = Self.obstacle(at: address) {
        throw ExplorerFailure("127.0.0.1:\(port): found \(words); allowed: a free port; next: another --port, or none")
      }
      // A computation takes as long as it takes; it ends with the page that waits for it.
      let server = HTTPServer(address: address, timeout: 1e8, logger: .disabled, handler: Answers(self))
      Task.detached { await self.serve(server, started) }
      while !isEnded(), failure.withLock({ $0 == nil }) {
        Thread.sleep(forTimeInterval: 0.25)
        service.refresh()
      }
      service.end()
      if let words = failure.withLock({ $0 }) { throw ExplorerFailure(words) }
    }

    private func serve(_ server: HTTPServer, _ started: @escaping @Sendable (String) -> Void) async {
      let running = Task { try await server.run() }
      do {
        try await server.waitUntilListening()
        guard case .ip4(_, let port)? = await server.listeningAddress else { throw SocketError.unsupportedAddress }
        guarding.withLock { $0 = RequestGuard(token: token, port: port) }
        started("http://127.0.0.1:\(port)/\(token)/")
        try await running.value
        failure.withLock { $0 = "the server has ended" }
      } catch {
        running.cancel()
        failure.withLock { $0 = "127.0.0.1: found no way to listen there (\(error.localizedDescription)); next: try again" }
      }
    }

    /// What keeps a server from an address; nil where nothing does.
    private static func obstacle(at address: sockaddr_in) -> String? {
      do {
        let trial = try Socket(domain: Int32(AF_INET))
        defer { try? trial.close() }
        try trial.setValue(true, for: .localAddressReuse)
        try trial.bind(to: address)
        try trial.listen()
        return nil
      } catch SocketError.failed(_, let code, let message) {
        return code == EADDRINUSE ? "another program there" : message
      } catch { return error.localizedDescription }
    }

    /// The answer to one request.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
      let place = guarding.withLock { $0 }?.place(
        // Not `path`, which loses the slash at its end.
        path: request.target.path(percentEncoded: false), host: request.headers[.host],
        origin: request.headers[HTTPHeader("Origin")],
        site: request.headers[HTTPHeader("Sec-Fetch-Site")])
      guard let place else {
        return refusal(.forbidden, "found another address than the one that pairbath explore printed; next: open that one")
      }
      switch (request.method, place) {
      case (.GET, "api/model"): return json(service.description)
      case (.GET, "api/events"): return events(client: request.query.first { $0.name == "client" }?.value ?? "")
      case (.POST, "api/compute"), (.POST, "api/export"), (.POST, "api/cancel"):
        let body: Data
        do { body = try await self.body(of: request) } catch {
          return refusal(.payloadTooLarge, "found a body that is larger; allowed: at most \(ExplorationQuestion.longest) bytes")
        }
        return await Self.apart { self.answer(place, body) }
      case (.GET, _):
        guard let file = page.file(place) else { return refusal(.notFound, "found no '\(place)' here") }
        var response = response(.ok, file.kind, file.bytes)
        // The same for as long as the token is: a browser keeps what it made of it.
        if place == PageFolder.library { response.headers[.cacheControl] = "private, max-age=86400, immutable" }
        return response
      default: return refusal(.methodNotAllowed, "found \(request.method.rawValue); allowed: GET, and POST of questions")
      }
    }

    private func answer(_ place: String, _ body: Data) -> HTTPResponse {
      do throws(ExplorationFailure) {
        let question = try ExplorationQuestion(json: body)
        switch place {
        case "api/cancel":
          service.cancel(question.view ?? "")
          return json("{}")
        case "api/export":
          let export = try service.export(question)
          var response = response(.ok, export.kind, export.bytes)
          response.headers[.contentDisposition] = "attachment; filename=\"\(export.name)\""
          return response
        default: return json(try service.answer(question))
        }
      } catch { return response(HTTPStatusCode(error.status, phrase: "Refused"), Self.jsonKind, Data(error.json.utf8)) }
    }

    private struct TooLarge: Error {}

    /// The bytes of a question, not more than a question can have.
    private func body(of request: HTTPRequest) async throws -> Data {
      if let count = request.bodySequence.count, count > ExplorationQuestion.longest { throw TooLarge() }
      var bytes = Data()
      for try await part in request.bodySequence {
        bytes.append(part)
        guard bytes.count <= ExplorationQuestion.longest else { throw TooLarge() }
      }
      return bytes
    }

    /// Work that blocks, on a thread of its own.
    private static func apart(_ body: @escaping @Sendable () -> HTTPResponse) async -> HTTPResponse {
      await withCheckedContinuation { continuation in
        DispatchQueue(label: "pairbath.answer").async { continuation.resume(returning: body()) }
      }
    }

    /// Everything that happens, for one page; computations of a page that went away are ended.
    private func events(client: String) -> HTTPResponse {
      let service = service
      let (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self, bufferingPolicy: .bufferingNewest(1000))
      let listener = service.listen { event in
        if case .progress(let view, _, _, _, _, _) = event, !view.hasPrefix(client + "/") { return }
        continuation.yield(Self.line(event.json))
      }
      let alive = Task {
        while !Task.isCancelled {
          continuation.yield(Self.line("{\"type\": \"alive\"}"))
          try? await Task.sleep(for: .seconds(1.5))
        }
      }
      continuation.onTermination = { _ in
        alive.cancel()
        service.forget(listener)
        if !client.isEmpty { service.cancel(client + "/") }
      }
      var response = HTTPResponse(
        statusCode: .ok, headers: [.contentType: "text/event-stream"],
        body: HTTPBodySequence(from: EventBytes(stream: stream), suggestedBufferSize: 4096))
      Self.protect(&response)
      return response
    }

    private static func line(_ json: String) -> [UInt8] { Array("data: \(json)\n\n".utf8) }

    private static let jsonKind = "application/json; charset=utf-8"

    private func json(_ text: String) -> HTTPResponse { response(.ok, Self.jsonKind, Data(text.utf8)) }

    private func refusal(_ code: HTTPStatusCode, _ words: String) -> HTTPResponse {
      response(code, Self.jsonKind, Data(ExplorationFailure.words(words, status: code.code).json.utf8))
    }

    private func response(_ code: HTTPStatusCode, _ kind: String, _ bytes: Data) -> HTTPResponse {
      var response = HTTPResponse(
        statusCode: code, headers: [.contentType: kind], body: HTTPBodySequence(data: bytes, suggestedBufferSize: 1 << 16))
      Self.protect(&response)
      return response
    }

    /// What keeps other pages away from this one, and this page away from other machines.
    private static func protect(_ response: inout HTTPResponse) {
      response.headers[.cacheControl] = "no-store"
      response.headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
      response.headers[HTTPHeader("Referrer-Policy")] = "no-referrer"
      response.headers[HTTPHeader("Cross-Origin-Resource-Policy")] = "same-origin"
      response.headers[HTTPHeader("Content-Security-Policy")] =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    /// What FlyingFox calls.
    private struct Answers: HTTPHandler {
      let server: LoopbackServer

      init(_ server: LoopbackServer) { self.server = server }

      func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse { await server.answer(request) }
    }
  }
#endif
