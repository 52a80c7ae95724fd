import ArgumentParser
import Pairbath

@main
struct PairbathCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pairbath", abstract: "Energy, heat and charge transport where electron-hole pairs are baths.")
}
