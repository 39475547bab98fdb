/// The candidate that a misspelt name most likely stands for, or nil if none is near.
///
/// Near means few slips: a letter wrong, missing, added, or swapped with its neighbour, one for
/// each three letters of the name (rounded to the nearest), case apart. Among equals the first candidate wins.
public func closestMatch(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    // Names of one or two letters are all near each other; very long ones are not typed by hand.
    guard wanted.count >= 3 && wanted.count <= maximumMatchedLength else { return nil }
    var limit = (wanted.count + 1) / 3
    var best: String?
    for candidate in candidates where candidate != name {
        // A string has at least as many bytes as letters, so this spares most candidates the rest.
        guard candidate.utf8.count <= maximumMatchedLength * 4 else { continue }
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, letters)
        if distance < limit || (distance == limit && best == nil) {
            best = candidate
            limit = distance
        }
    }
    return best
}

/// The distance costs the product of the lengths, so the lengths are bounded.
private let maximumMatchedLength = 64

/// The Damerau-Levenshtein distance, in its restricted form: no part is edited twice.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1..<a.count + 1 {
        var row = [Int](repeating: i, count: b.count + 1)
        for j in 1..<b.count + 1 {
            let isSame = a[i - 1] == b[j - 1]
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1))
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = min(row[j], beforeLast[j - 2] + 1)
            }
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
