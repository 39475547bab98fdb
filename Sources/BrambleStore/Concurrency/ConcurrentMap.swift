extension Array where Element: Sendable {
    /// The results for all elements, in their order, of work that waits for other machines: some of it
    /// at once, each as a task of its own.
    ///
    /// - Parameter limit: How many at once.
    /// - Throws: Of the failures that happened, the one of the first element. After a failure nothing
    ///   new is begun.
    package func concurrentMap<Result: Sendable>(
        limit: Int, _ body: @escaping @Sendable (Element) async throws(StoreError) -> Result
    ) async throws(StoreError) -> [Result] {
        var results = [Swift.Result<Result, StoreError>?](repeating: nil, count: count)
        await withTaskGroup(of: (Int, Swift.Result<Result, StoreError>).self) { group in
            var next = 0
            var hasFailed = false
            func start() {
                guard next < count, !hasFailed else { return }
                let (number, element) = (next, self[next])
                next += 1
                group.addTask {
                    do throws(StoreError) {
                        return (number, .success(try await body(element)))
                    } catch {
                        return (number, .failure(error))
                    }
                }
            }
            for _ in 0..<limit { start() }
            while let (number, result) = await group.next() {
                results[number] = result
                if case .failure = result { hasFailed = true }
                start()
            }
        }
        var values: [Result] = []
        for result in results {
            // What was not begun comes behind what has failed.
            if let result { values.append(try result.get()) }
        }
        return values
    }
}
