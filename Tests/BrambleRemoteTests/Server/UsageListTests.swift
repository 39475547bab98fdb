import BrambleModel
import TestKit
import Testing

@testable import BrambleRemote

@Suite("The order of uses") struct UsageListTests {
    @Test("It is that of a simple list, whatever is done") func model() {
        for seed in UInt64(1)...20 {
            var random = SeededRandom(seed: seed)
            var list = UsageList()
            var model: [(key: CacheKey, size: Int)] = []
            for step in 0..<2000 {
                let key = CacheKey.blob(ContentHash(of: [UInt8.random(in: 0..<40, using: &random)]))
                let place = model.firstIndex { $0.key == key }
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    let size = Int.random(in: 0..<20_000, using: &random)
                    list.insert(key, sizeBytes: size, recordedUse: step)
                    if let place { model.remove(at: place) }
                    model.append((key, size))
                case 2:
                    #expect(list.remove(key)?.sizeBytes == place.map { model[$0].size })
                    if let place { model.remove(at: place) }
                default:
                    #expect((list.use(key, now: step) != nil) == (place != nil))
                    if let place { model.append(model.remove(at: place)) }
                }
                #expect(list.oldest?.key == model.first?.key, "seed \(seed), step \(step)")
                #expect(list.count == model.count)
                #expect(
                    list.totalBytes == model.reduce(0) { $0 + UsageList.diskBytes($1.size) })
            }
            while let oldest = list.oldest {
                #expect(oldest.key == model.removeFirst().key)
                list.remove(oldest.key)
            }
            #expect(model.isEmpty)
        }
    }

    @Test("The disk is told of a use once an hour") func recording() {
        var list = UsageList()
        let key = CacheKey.blob(ContentHash(of: []))
        list.insert(key, sizeBytes: 1, recordedUse: 1000)
        let told = [4000, 5000, 5001].map { list.use(key, now: $0)?.isToBeRecorded }
        #expect(told == [false, true, false])
    }
}
