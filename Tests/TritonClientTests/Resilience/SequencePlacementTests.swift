// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the remote-nodes authors

import Testing

@testable import TritonClient

@Suite struct SequencePlacementTests {
  private typealias Pin = EndpointTable.SequencePin
  private typealias Settings = EndpointTable.Settings

  @Test func laterRequestsGoWhereTheFirstWent() {
    var table = EndpointTable(["a", "b", "c"])
    for number in 0..<30 {
      let id = "\(number)"
      let place = table.send(Pin(id: id, isStart: true))
      #expect(place == number % 3 + 1)
      for _ in 0..<4 { #expect(table.send(Pin(id: id), excluding: [1, 2, 3]) == place) }
    }
  }

  @Test func laterRequestsGoNowhereElse() {
    var table = EndpointTable(
      ["a", "b"], fallback: ["z"], Settings(breaker: CircuitBreaker(failureThreshold: 1)))
    #expect(table.send(Pin(id: "s", isStart: true)) == 1)
    table.end(1, .endpointFailure)
    var expected = EndpointTable.Refusal()
    expected.retryAt = .second(1)
    expected.openBreakers = ["a"]
    #expect(table.refusal(model: "m", sequence: Pin(id: "s"), at: .start) == expected)
    let choice = table.choose(model: "m", sequence: Pin(id: "s", isEnd: true), excluding: [], at: .start)
    #expect(choice == .refused(expected))
    #expect(table.send(Pin(id: "s"), at: .second(1)) == 1)
    table.end(1, .success)
    // Ejected, it is still where the model's state is.
    table.eject(1)
    #expect(table.send(Pin(id: "s")) == 1)
    table.remove(id: 1)
    #expect(
      table.choose(model: "m", sequence: Pin(id: "s"), excluding: [], at: .start)
        == .refused(EndpointTable.Refusal()))
    // A new beginning is free to go.
    #expect(table.send(Pin(id: "s", isStart: true)) == 2)
    #expect(table.send(Pin(id: "s")) == 2)
  }

  @Test func theLastRequestForgetsThePlace() {
    var table = EndpointTable(["a", "b"])
    #expect(table.send(Pin(id: "s", isStart: true)) == 1)
    #expect(table.pins.count == 1)
    #expect(table.send(Pin(id: "s", isEnd: true)) == 1)
    #expect(table.pins.count == 0)
    #expect(table.send(Pin(id: "t", isStart: true, isEnd: true)) == 2)
    #expect(table.pins.count == 0)
  }

  @Test func aRefusedBeginningIsNotPinned() {
    var table = EndpointTable(["a"], Settings(breaker: CircuitBreaker(failureThreshold: 1)))
    table.end(1, .endpointFailure)
    #expect(table.send(Pin(id: "s", isStart: true)) == nil)
    #expect(table.pins.count == 0)
  }

  @Test func modelsDoNotShareSequences() {
    var table = EndpointTable(["a", "b"])
    #expect(table.send(model: "m", Pin(id: "s", isStart: true)) == 1)
    #expect(table.send(model: "n", Pin(id: "s", isStart: true)) == 2)
    #expect(table.send(model: "n", Pin(id: "s", isEnd: true)) == 2)
    #expect(table.send(model: "m", Pin(id: "s")) == 1)
  }

  @Test func numbersAndTheirDigitsAreTwoSequences() {
    let number = Pin(SequenceMembership(id: .integer(7), isStart: true))
    let string = Pin(SequenceMembership(id: .string("7"), isEnd: true))
    #expect(number.id != string.id)
    #expect(number.isStart && !number.isEnd && !string.isStart && string.isEnd)
    #expect(Pin(SequenceMembership(id: .integer(7))).id == number.id)
  }

  // MARK: Unknown sequences

  @Test func clientsAgreeOnTheSequencesThatTheyHaveNotSeenBegin() {
    var one = EndpointTable(["a", "b", "c"], fallback: ["z"])
    var other = EndpointTable(["c", "a", "b"])
    var places: [String: Int] = [:]
    for number in 0..<300 {
      let pin = Pin(id: "sequence \(number)")
      let id = one.send(pin)
      let key = one.endpoints.first { $0.id == id }?.key
      #expect(key != nil && key != "z")
      let otherID = other.send(pin)
      #expect(other.endpoints.first { $0.id == otherID }?.key == key)
      places[key ?? "", default: 0] += 1
    }
    #expect(places.values.allSatisfy { $0 > 60 } && places.count == 3)
  }

  @Test func anUnknownSequenceStaysWhereItWasPlaced() {
    var table = EndpointTable(["a"])
    #expect((0..<20).map { table.send(Pin(id: "\($0)")) } == Array(repeating: 1, count: 20))
    for key in ["b", "c", "d"] { _ = table.add(key: key, tier: 0, at: .start) }
    #expect((0..<20).map { table.send(Pin(id: "\($0)")) } == Array(repeating: 1, count: 20))
  }

  @Test func withoutServersOfTheFirstTierAnUnknownSequenceIsRefused() {
    var table = EndpointTable([], fallback: ["z"])
    #expect(table.send(Pin(id: "s")) == nil)
    #expect(table.send(Pin(id: "s", isStart: true)) == 1)
    #expect(table.send(Pin(id: "s")) == 1)
  }

  @Test(arguments: [2, 3, 5, 12])
  func whenAServerGoesOnlyItsSequencesMove(count: Int) {
    let names = (1...count).map { "grpc://10.0.0.\($0):8001" }
    let gone = names[count / 2]
    let rest = names.filter { $0 != gone }
    var moved = 0
    for number in 0..<1_000 {
      let id = "integer \(number)"
      let before = RendezvousHash.choose(for: id, among: names)
      let after = RendezvousHash.choose(for: id, among: rest)
      if before == gone { moved += 1 }
      expectHolds(before == gone || before == after, "\(id) moved, which was not at \(gone)")
    }
    // A share of 1/n, give or take five standard deviations.
    let share = 1 / Double(count)
    let deviation = (1_000 * share * (1 - share)).squareRoot()
    #expect(abs(Double(moved) - 1_000 * share) < 5 * deviation)
  }

  @Test func hashesAreTheSameInEveryProcess() {
    let names = ["a", "b", "c", "d"]
    let places = (0..<24).map { RendezvousHash.choose(for: "\($0)", among: names) ?? "" }
    #expect(places.joined() == "dbadababdddbbbaadddaddbc")
    #expect(RendezvousHash.choose(for: "s", among: []) == nil)
  }

  // MARK: Bounds

  @Test func theSequencesUsedLongestAgoAreForgotten() {
    var pins = SequencePins()
    func key(_ number: Int) -> SequencePins.Key { SequencePins.Key(model: nil, id: "\(number)") }
    for number in 0..<SequencePins.capacity { pins.set(key(number), to: number) }
    pins.set(key(0), to: 0)
    for number in 0..<10 { pins.set(key(SequencePins.capacity + number), to: 1) }
    #expect(pins.count == SequencePins.capacity)
    #expect(pins.endpoint(of: key(0)) == 0)
    #expect((1...10).allSatisfy { pins.endpoint(of: key($0)) == nil })
    #expect((11..<SequencePins.capacity).allSatisfy { pins.endpoint(of: key($0)) == $0 })
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func pinsAreADictionaryThatForgets(seed: UInt64) {
    var random = FixedDraws(seed: seed)
    var pins = SequencePins()
    // What they are by definition: the latest uses, each key once.
    var uses: [(key: SequencePins.Key, endpoint: Int)] = []
    for _ in 0..<4_000 {
      let key = SequencePins.Key(model: nil, id: "\(Int.random(in: 0..<50, using: &random))")
      if Int.random(in: 0..<4, using: &random) == 0 {
        pins.remove(key)
        uses.removeAll { $0.key == key }
      } else {
        let endpoint = Int.random(in: 1...9, using: &random)
        pins.set(key, to: endpoint)
        uses.removeAll { $0.key == key }
        uses.append((key, endpoint))
      }
      expectHolds(pins.count == uses.count, "\(pins.count) pins, not \(uses.count)")
      let expected = uses.last { $0.key == key }?.endpoint
      expectHolds(pins.endpoint(of: key) == expected, "\(key) is where it was set to be")
    }
    #expect(uses.allSatisfy { pins.endpoint(of: $0.key) == $0.endpoint })
    pins.set(SequencePins.Key(model: nil, id: "last"), to: 1)
    #expect(pins.keptUseCount <= 2 * pins.count + 64)
  }
}
