#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Memory for objects: chunks filled from front to back, and blocks of their own for what is large.
///
/// Nothing is freed one by one. A collection (`Collector`) copies what lives into fresh chunks and
/// drops the rest; freezing copies what a module exports into an arena that never changes again.
/// The handle is one pointer and trivial; `Heap` owns what it points to.
package struct Arena: BitwiseCopyable {
    let state: UnsafeMutablePointer<ArenaState>

    /// Objects and buffers beyond this size, in bytes, get a block of their own.
    static let largeSize = 4096
    /// The size of a chunk in bytes: large enough that taking one is rare.
    static let chunkSize = 256 * 1024
    /// No object or buffer may be larger: 1 GiB, so that sizes fit 32 bits with room to add.
    static let maximumObjectSize = 1 << 30
    /// Before every large block: its index in `ArenaState.blocks`, and its size.
    static let blockPrefixSize = 16

    /// Takes `size` bytes, at most `largeSize`, aligned to 8. The contents are undefined.
    @inline(__always)
    func allocateSmall(_ size: Int) -> UnsafeMutableRawPointer {
        let rounded = (size &+ 7) & ~7
        let start = state.pointee.cursor
        if state.pointee.limit - start >= rounded {
            state.pointee.cursor = start + rounded
            return start
        }
        return allocateInNewChunk(rounded)
    }

    @inline(never)
    private func allocateInNewChunk(_ size: Int) -> UnsafeMutableRawPointer {
        let chunk = state.pointee.spareChunks.popLast() ?? Arena.systemAllocate(Arena.chunkSize)
        state.pointee.chunks.append(chunk)
        state.pointee.cursor = chunk + size
        state.pointee.limit = chunk + Arena.chunkSize
        requestCollectionIfDue()
        return chunk
    }

    /// Takes a block of its own. The size limits of the evaluation apply.
    @inline(never)
    func allocateLarge(_ size: Int) throws(Failure) -> UnsafeMutableRawPointer {
        try checkSize(size)
        guard let block = malloc(size + Arena.blockPrefixSize) else {
            throw Failure.limit("out of memory: cannot allocate \(size) bytes")
        }
        let prefix = block.assumingMemoryBound(to: Int.self)
        prefix[0] = state.pointee.blocks.count
        prefix[1] = size
        state.pointee.blocks.append(block)
        state.pointee.blockBytes += size
        requestCollectionIfDue()
        return block + Arena.blockPrefixSize
    }

    /// Has the machine stop where it next looks at its fuel, if much was allocated since it last did.
    func requestCollectionIfDue() {
        guard state.pointee.bytesInUse >= state.pointee.collectionThreshold,
            let machine = state.pointee.machine, machine.pointee.fuel >= 0
        else { return }
        machine.pointee.fuelGranted -= machine.pointee.fuel + 1
        machine.pointee.fuel = -1
    }

    /// Takes `size` bytes, wherever they fit. An object must get the flag `large` if `size > largeSize`.
    @inline(__always)
    func allocate(_ size: Int) throws(Failure) -> UnsafeMutableRawPointer {
        size <= Arena.largeSize ? allocateSmall(size) : try allocateLarge(size)
    }

    /// Fails if an object of `size` bytes may not be made: too large in itself, or beyond the limit
    /// of the evaluation. Call it before work in proportion to the size is done.
    func checkSize(_ size: Int) throws(Failure) {
        if size > Arena.maximumObjectSize || size < 0 {
            throw Failure.limit("value too large: more than \(Arena.maximumObjectSize) bytes")
        }
        if size > state.pointee.allocationLimit &- state.pointee.bytesInUse {
            throw Failure.limit(
                "allocation limit of \(state.pointee.allocationLimit) bytes exceeded")
        }
    }

    /// Memory that is zero, and taken from the system only as it is touched. `calloc` may fill recycled
    /// memory with zeros instead.
    static func zeroedMemory(_ size: Int) -> UnsafeMutableRawPointer {
        let memory = mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let memory, memory != MAP_FAILED else { fatalError("out of memory") }
        return memory
    }

    /// Gives memory from `zeroedMemory` back.
    static func freeZeroedMemory(_ memory: UnsafeMutableRawPointer, _ size: Int) {
        munmap(memory, size)
    }

    static func systemFree(_ memory: UnsafeMutableRawPointer) { free(memory) }

    static func systemAllocate(_ size: Int) -> UnsafeMutableRawPointer {
        guard let memory = malloc(size) else { fatalError("out of memory") }
        return memory
    }
}

/// What an arena consists of. Lives at a fixed address for as long as its `Heap`.
struct ArenaState {
    var cursor: UnsafeMutableRawPointer
    var limit: UnsafeMutableRawPointer
    var chunks: [UnsafeMutableRawPointer] = []
    /// Chunks a collection has emptied, for use again: fresh pages cost much more.
    var spareChunks: [UnsafeMutableRawPointer] = []
    /// Blocks of large objects and buffers, in no order. `nil` where one was freed.
    var blocks: [UnsafeMutableRawPointer?] = []
    var blockBytes = 0
    /// The machine that allocates here, to be stopped for a collection.
    var machine: UnsafeMutablePointer<MachineState>?
    /// From so many bytes in use a collection is worth its time.
    var collectionThreshold = Int.max
    /// Bytes that may be in use at most.
    var allocationLimit = Int.max
    /// A buffer for the next `ByteBuilder`.
    var spareBuffer: UnsafeMutableRawPointer?
    var spareBufferCapacity = 0
    /// The owner of the heap, unless it is permanent.
    var live: Unmanaged<LiveHeap>?
    /// See `ShapeRecipe`.
    var shapeRecipes: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    /// Host objects that are being frozen at this moment: `HostObject.frozen` may freeze values itself.
    var freezing: [ObjectIdentifier] = []
    /// Host objects, which own a reference to a Swift object each.
    var hostObjects: [UnsafeMutableRawPointer] = []
    /// What must live as long as the arena: programs whose code its functions run, heaps it points into.
    var retained: [ObjectIdentifier: AnyObject] = [:]

    /// Chunks count whole, so that the figure needs no bookkeeping at every allocation.
    var bytesInUse: Int { chunks.count &* Arena.chunkSize &+ blockBytes }
}

/// The owner of an arena: frees everything when it goes.
///
/// Safe to share between threads once nothing is allocated in it any more (after freezing).
final class Heap: @unchecked Sendable {
    let arena: Arena

    init() {
        ByteHash.prepare()
        let state = UnsafeMutablePointer<ArenaState>.allocate(capacity: 1)
        // An empty range: the first allocation takes the first chunk.
        let nowhere = UnsafeMutableRawPointer(state)
        state.initialize(to: ArenaState(cursor: nowhere, limit: nowhere))
        arena = Arena(state: state)
    }

    /// Keeps `owner` alive as long as this heap.
    func retain(_ owner: AnyObject) {
        let identifier = ObjectIdentifier(owner)
        if arena.state.pointee.retained[identifier] == nil {
            arena.state.pointee.retained[identifier] = owner
        }
    }

    deinit {
        let state = arena.state
        for object in state.pointee.hostObjects { HostReference(object).release() }
        for chunk in state.pointee.chunks { free(chunk) }
        for chunk in state.pointee.spareChunks { free(chunk) }
        for case let block? in state.pointee.blocks { free(block) }
        free(state.pointee.spareBuffer)
        state.pointee.shapeRecipes?.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }
}
