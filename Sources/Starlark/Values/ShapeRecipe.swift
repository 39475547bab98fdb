/// How the keywords of a call become a structure: the shape, and where in it each keyword's value goes.
///
/// Structures are made in great numbers by the same few calls. An arena remembers recent recipes, so that
/// their structures share one shape, which need not be sorted again. It forgets all of them whenever objects move.
///
/// Layout, in the arena: the shape, the number of keywords, their names as the call has them, the positions.
struct ShapeRecipe {
    private let start: UnsafeMutableRawPointer

    /// Calls with more keywords are too rare to be remembered.
    static let maximumCount = 256
    private static let headSize = 2 * MemoryLayout<Value>.size
    /// Recipes that an arena remembers, a power of two: more calls than make structures in most loops.
    fileprivate static let slotCount = 64

    var shape: ShapeObject { ShapeObject(start.load(as: Value.self)) }
    private var count: Int { start.load(fromByteOffset: MemoryLayout<Value>.size, as: Int.self) }
    private var names: UnsafeMutablePointer<Value> {
        (start + ShapeRecipe.headSize).assumingMemoryBound(to: Value.self)
    }
    /// For each keyword, the index of its name in the shape.
    var positions: UnsafeMutablePointer<UInt16> {
        UnsafeMutableRawPointer(names + count).assumingMemoryBound(to: UInt16.self)
    }

    /// The recipe for distinct names (strings), of which there are 1 to `maximumCount`.
    @inline(__always)
    static func find(
        _ names: UnsafePointer<Value>, _ count: Int, in arena: Arena
    ) throws(Failure) -> ShapeRecipe {
        if let slots = arena.state.pointee.shapeRecipes, let start = slots[slot(names, count)] {
            let recipe = ShapeRecipe(start: start)
            if recipe.isFor(names, count) { return recipe }
        }
        return try make(names, count, in: arena)
    }

    /// Names that are equal but not the same only cost a recipe of their own.
    @inline(__always)
    private func isFor(_ names: UnsafePointer<Value>, _ count: Int) -> Bool {
        guard self.count == count else { return false }
        let own = self.names
        for index in 0..<count where own[index].bits != names[index].bits { return false }
        return true
    }

    @inline(__always)
    private static func slot(_ names: UnsafePointer<Value>, _ count: Int) -> Int {
        let mixed = names[0].bits &* 31 &+ names[count &- 1].bits
        return Int((mixed &>> 3 &+ UInt(bitPattern: count)) % UInt(slotCount))
    }

    @inline(never)
    private static func make(
        _ names: UnsafePointer<Value>, _ count: Int, in arena: Arena
    ) throws(Failure) -> ShapeRecipe {
        let order = (0..<count).sorted {
            StringObject(names[$0]).compare(StringObject(names[$1])) < 0
        }
        let shape = try arena.makeShape(sortedNames: order.map { names[$0] })
        let size = headSize + count * (MemoryLayout<Value>.size + MemoryLayout<UInt16>.size)
        let recipe = ShapeRecipe(start: arena.allocateSmall(size))
        recipe.start.storeBytes(of: shape.value, as: Value.self)
        recipe.start.storeBytes(of: count, toByteOffset: MemoryLayout<Value>.size, as: Int.self)
        for index in 0..<count { recipe.names[index] = names[index] }
        for (position, index) in order.enumerated() {
            recipe.positions[index] = UInt16(truncatingIfNeeded: position)
        }
        arena.rememberedRecipes[slot(names, count)] = recipe.start
        return recipe
    }
}

extension Arena {
    fileprivate var rememberedRecipes: UnsafeMutablePointer<UnsafeMutableRawPointer?> {
        if let slots = state.pointee.shapeRecipes { return slots }
        let slots = UnsafeMutablePointer<UnsafeMutableRawPointer?>.allocate(
            capacity: ShapeRecipe.slotCount)
        slots.initialize(repeating: nil, count: ShapeRecipe.slotCount)
        state.pointee.shapeRecipes = slots
        return slots
    }

    /// Called before objects move.
    func forgetRecipes() {
        state.pointee.shapeRecipes?.update(repeating: nil, count: ShapeRecipe.slotCount)
    }
}
