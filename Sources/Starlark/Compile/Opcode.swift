/// The instructions of the register machine.
///
/// An instruction is one 8-byte word: opcode (bits 0–7), `x` (8–15), `a` (16–31), `b` (32–47), `c` (48–63);
/// `w` is `b` and `c` together as a signed 32-bit number. `R` are the registers of the running
/// function: parameters, other locals, temporaries. "Next word" means that the following word belongs to
/// the instruction.
///
/// Where an instruction jumps on a condition, the next word is a `jump` whose distance is used
/// without being dispatched: so every distance has 32 bits.
enum Opcode: UInt8 {
    // Loads and stores
    /// R[a] = R[b]
    case move
    /// R[a] = constant w
    case loadConstant
    /// R[a] = the small integer w
    case loadInt
    /// R[a] = global w; fails if unbound
    case loadGlobal
    /// global w = R[a]
    case storeGlobal
    /// R[a] = content of the cell in R[b]; fails if unbound (name: constant in the next word)
    case loadCell
    /// content of the cell in R[a] = R[b]
    case storeCell
    /// R[a] = content of captured cell b; fails if unbound (name: constant in the next word)
    case loadFree
    /// R[a] = a new cell; it holds R[a] if x = 1, else nothing
    case makeCell
    /// fails if R[a] is unbound; w: constant of the name
    case checkBound

    // Arithmetic: R[a] = R[b] op R[c], or op the signed 16-bit c
    case add, subtract, multiply
    case floorDivide, modulo
    case bitAnd, bitOr, bitXor, shiftLeft, shiftRight
    case addImmediate, subtractImmediate, multiplyImmediate
    case floorDivideImmediate, moduloImmediate
    case bitAndImmediate, shiftLeftImmediate, shiftRightImmediate
    /// As `add`, but a list in R[b] is extended in place
    case augmentedAdd
    /// R[a] = R[b] op R[c], x: `Operator`; everything without a fast path
    case binary
    /// As `binary`, in place where the left operand can
    case augmented
    /// R[a] = op R[b], x: `Operator`
    case unary
    /// R[a] = not R[b]
    case not
    /// R[a] = R[b] op R[c] as a bool, x: `Operator`
    case compare
    /// R[a] = R[b] in R[c]; negated if x = 1
    case contains

    // Jumps: by w words, counted from the following word
    case jump
    /// Backwards, with a check for interrupts
    case jumpBack
    /// if truth of R[a] == x
    case jumpIf
    /// if (R[a] op R[b]) == x & 1; operands were swapped in the source if x & 2
    case jumpIfEqual, jumpIfLess, jumpIfLessOrEqual
    /// if (R[a] op signed b) == x
    case jumpIfEqualImmediate, jumpIfLessImmediate, jumpIfLessOrEqualImmediate
    case jumpIfGreaterImmediate, jumpIfGreaterOrEqualImmediate
    /// if (R[a] in R[b]) == x
    case jumpIfContains

    // Iteration; the state takes three registers from R[a]
    /// begins to iterate over R[b]
    case iterate
    /// R[b] = next element and jumps back by the next word, or goes on after it at the end
    case next
    /// ends an iteration before its end, or at it
    case endIteration

    // Containers
    /// R[a] = list of the c registers from R[b]
    case makeList
    /// R[a] = tuple of the c registers from R[b]; of the items of the list R[b] if x = 1
    case makeTuple
    /// R[a] = empty dict with room for w entries
    case makeDict
    /// R[a][R[b]] = R[c], where the key must be new (dict display) if x = 1
    case insert
    /// R[a].append(R[b]), of a list nobody else has
    case append
    /// R[b ..< b + c] = the items of R[a]
    case unpack
    /// R[b], R[c] = the two items of R[a]
    case unpack2
    /// R[a] = R[b][R[c]]
    case index
    /// R[a][R[b]] = R[c]
    case setIndex
    /// R[a] = len(R[b])
    case length
    /// R[a] = R[b][R[b+1]:R[b+2]:R[b+3]]
    case slice
    /// R[a] = R[b].name c
    case attribute
    /// R[a].name c = R[b]
    case setAttribute

    // Functions. The callee is R[b], its arguments follow; the result goes to R[a]
    /// R[b](x positional arguments)
    case call
    /// global c(x positional arguments from R[b + 1])
    case callGlobal
    /// R[b].name c(x positional arguments)
    case callMethod
    /// R[b](…) with keywords and `*`, `**`; next word: number of the call site
    case callComplex
    /// R[a] = function of the code in the next word, defaults from R[b]
    case makeFunction
    /// returns R[a]
    case `return`
    /// returns None
    case returnNone
    /// runs load site w
    case load
}

/// One instruction word, see `Opcode`.
struct Instruction {
    var word: UInt64

    init(word: UInt64) { self.word = word }

    init(_ opcode: Opcode, x: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0) {
        word =
            UInt64(opcode.rawValue) | UInt64(UInt8(truncatingIfNeeded: x)) << 8
            | UInt64(UInt16(truncatingIfNeeded: a)) << 16
            | UInt64(UInt16(truncatingIfNeeded: b)) << 32
            | UInt64(UInt16(truncatingIfNeeded: c)) << 48
    }

    init(_ opcode: Opcode, x: Int = 0, a: Int = 0, w: Int) {
        word =
            UInt64(opcode.rawValue) | UInt64(UInt8(truncatingIfNeeded: x)) << 8
            | UInt64(UInt16(truncatingIfNeeded: a)) << 16
            | UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: w))) << 32
    }

    /// Every word that is dispatched was made from an `Opcode`.
    @inline(__always) var opcode: Opcode {
        unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self)
    }
    @inline(__always) var x: Int { Int(UInt8(truncatingIfNeeded: word &>> 8)) }
    @inline(__always) var a: Int { Int(UInt16(truncatingIfNeeded: word &>> 16)) }
    @inline(__always) var b: Int { Int(UInt16(truncatingIfNeeded: word &>> 32)) }
    @inline(__always) var c: Int { Int(word &>> 48) }
    /// `b` and `c` as signed numbers.
    @inline(__always) var signedB: Int { Int(Int16(truncatingIfNeeded: word &>> 32)) }
    @inline(__always) var signedC: Int { Int(bitPattern: UInt(word)) &>> 48 }
    @inline(__always) var w: Int { Int(bitPattern: UInt(word)) &>> 32 }
}
