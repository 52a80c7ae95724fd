/// What one process has exchanged with the others of its group.
package struct ProcessTraffic: Sendable, Equatable {
  /// Messages to the root.
  package var messagesSent = 0
  /// Bytes of these.
  package var bytesSent = 0
  /// Messages the root has received.
  package var messagesReceived = 0
  /// Bytes of these.
  package var bytesReceived = 0
  /// Broadcasts taken part in.
  package var broadcasts = 0
  /// Bytes of these, once per process.
  package var bytesBroadcast = 0
  /// Claims on the shared counter.
  package var claims = 0

  /// Nothing yet.
  package init() {}
}
