#if Explorer
  import FlyingFox
  import FlyingSocks

  /// Events on their way to a page, as bytes that come when they come.
  struct EventBytes: AsyncBufferedSequence {
    typealias Element = UInt8
    let stream: AsyncStream<[UInt8]>

    struct Iterator: AsyncBufferedIteratorProtocol {
      var events: AsyncStream<[UInt8]>.Iterator
      private var rest: ArraySlice<UInt8> = []

      init(_ events: AsyncStream<[UInt8]>.Iterator) { self.events = events }

      mutating func next() async throws -> UInt8? {
        if rest.isEmpty { rest = await events.next()?[...] ?? [] }
        return rest.popFirst()
      }

      mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
        if rest.isEmpty {
          guard let event = await events.next() else { return nil }
          rest = event[...]
        }
        let part = rest.prefix(count)
        rest = rest.dropFirst(count)
        return part
      }
    }

    func makeAsyncIterator() -> Iterator { Iterator(stream.makeAsyncIterator()) }
  }
#endif
