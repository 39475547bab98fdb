extension Compiler {
    /// The number of a string constant.
    mutating func stringConstant(_ symbol: SymbolID) -> Int {
        let known = stringConstants[Int(symbol)]
        if known >= 0 { return Int(known) }
        let range = tree.symbols.range(symbol)
        let value = tree.symbols.bytes.withUnsafeBufferPointer { bytes in
            makeString(UnsafeBufferPointer(rebasing: bytes[range]), .string)
        }
        let number = addConstant(value)
        stringConstants[Int(symbol)] = Int32(truncatingIfNeeded: number)
        return number
    }

    mutating func textConstant(_ text: String) -> Int {
        var text = text
        return addConstant(text.withUTF8 { makeString($0, .string) })
    }

    mutating func bytesConstant(_ symbol: SymbolID) -> Int {
        constant(.bytes(symbol)) { compiler in
            let range = compiler.tree.symbols.range(symbol)
            return compiler.tree.symbols.bytes.withUnsafeBufferPointer { bytes in
                compiler.makeString(UnsafeBufferPointer(rebasing: bytes[range]), .bytes)
            }
        }
    }

    mutating func intConstant(_ int: Int) -> Int {
        constant(.int(int)) { $0.unit.heap.arena.makeInt(int).madePermanent() }
    }

    mutating func floatConstant(bits: UInt64) -> Int {
        constant(.float(bits)) {
            $0.unit.heap.arena.makeFloat(Double(bitPattern: bits)).madePermanent()
        }
    }

    /// An integer literal of any size. The parser has checked its form.
    mutating func bigIntConstant(_ symbol: SymbolID, at node: Node) -> Int {
        constant(.bigInt(symbol)) { compiler in
            let symbols = compiler.tree.symbols
            let arena = compiler.unit.heap.arena
            do throws(Failure) {
                let digits = try arena.makeString(symbols.text(symbol)).bytes
                let value = try NumberText.parseLiteral(digits, in: arena)
                return value?.madePermanent() ?? .none
            } catch {
                compiler.fail(error.details.message, at: node)
                return .none
            }
        }
    }

    private mutating func constant(
        _ key: ConstantKey, _ make: (inout Compiler) -> Value
    ) -> Int {
        if let known = otherConstants[key] { return known }
        let number = addConstant(make(&self))
        otherConstants[key] = number
        return number
    }

    mutating func addConstant(_ value: Value) -> Int {
        unit.constants.append(value)
        return unit.constants.count - 1
    }

    /// Strings of a source file are far below the size limit, so this cannot fail for that reason.
    private func makeString(_ bytes: UnsafeBufferPointer<UInt8>, _ type: ObjectType) -> Value {
        do throws(Failure) {
            return try unit.heap.arena.makeString(bytes, type: type).value.madePermanent()
        } catch {
            fatalError(error.details.message)
        }
    }

    /// The number of an attribute's name, or nil if there are more than an instruction can number.
    mutating func attributeNumber(_ symbol: SymbolID) -> Int? {
        if let known = attributeNumbers[symbol] { return known }
        guard unit.attributeNames.count <= 0xffff else { return nil }
        let string = unit.constants[stringConstant(symbol)]
        unit.attributeNames.append(
            AttributeName(
                string: string, method: MethodTable.shared.number(of: StringObject(string))))
        attributeNumbers[symbol] = unit.attributeNames.count - 1
        return unit.attributeNames.count - 1
    }

    /// The number of a call site; equal ones are shared.
    mutating func callSite(_ key: CallSiteKey) -> Int {
        if let known = callSiteNumbers[key] { return known }
        // The names stand together, so they are added once more even if they are constants already.
        let names = key.names.map { unit.constants[stringConstant($0)] }
        let start = unit.constants.count
        unit.constants += names
        unit.callSites.append(
            CallSite(
                positionalCount: key.positionalCount, keywordCount: key.names.count,
                firstName: start, hasStar: key.hasStar, hasStarStar: key.hasStarStar))
        callSiteNumbers[key] = unit.callSites.count - 1
        return unit.callSites.count - 1
    }
}

extension Value {
    /// Marks a new object of a heap that will not change again; hashes it, as nobody may later.
    func madePermanent() -> Value {
        guard isObject else { return self }
        switch header.pointee.type {
        case .string, .bytes: _ = StringObject(self).hash
        default: break
        }
        header.pointee.flags.formUnion([.frozen, .permanent])
        return self
    }
}
