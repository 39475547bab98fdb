extension Interpreter {
    /// Fails if a call of `code` with its registers at `window` is one too deep.
    @inline(__always)
    func checkCall(
        _ code: UnsafeMutablePointer<Code>, _ window: UnsafeMutablePointer<Value>,
        _ state: UnsafeMutablePointer<MachineState>
    ) throws(Failure) {
        try machine.reserveStack(window + code.pointee.registerCount)
        if state.pointee.depth >= state.pointee.maximumDepth { throw stackOverflow() }
        if code.pointee.checksRecursion { try checkRecursion(code, state) }
    }

    @inline(never)
    private func checkRecursion(
        _ code: UnsafeMutablePointer<Code>, _ state: UnsafeMutablePointer<MachineState>
    ) throws(Failure) {
        var frame = state.pointee.frames
        let end = frame + state.pointee.depth
        while frame < end {
            if frame.pointee.code == code {
                throw Failure(
                    "function \(StringObject(code.pointee.name).text) called recursively",
                    hint: "recursion is not allowed, so that evaluation always ends: use a loop")
            }
            frame += 1
        }
    }

    @inline(never)
    func callMethod(
        _ method: Unmanaged<Builtin>, _ receiver: Value, _ arguments: UnsafeMutablePointer<Value>,
        _ count: Int
    ) throws(Failure) -> Value {
        try invoke(
            method,
            Call(
                machine: machine, builtin: method, receiver: receiver, arguments: arguments,
                positionalCount: count, keywordCount: 0, keywordNames: UnsafePointer(arguments)))
    }

    @inline(__always)
    func invoke(_ builtin: Unmanaged<Builtin>, _ call: borrowing Call) throws(Failure) -> Value {
        let body = builtin._withUnsafeGuaranteedRef { $0.body }
        return try body(call)
    }

    /// Calls what is no function of the program, with positional arguments.
    @inline(never)
    func callOther(
        _ callee: Value, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
    ) throws(Failure) -> Value {
        try callNative(
            callee,
            Arguments(
                start: arguments, positionalCount: count, keywordCount: 0, names: arguments))
    }

    /// The arguments of a call where they stand: positional, then the keywords' values; the names elsewhere.
    struct Arguments {
        var start: UnsafeMutablePointer<Value>
        var positionalCount: Int
        var keywordCount: Int
        var names: UnsafeMutablePointer<Value>

        var end: UnsafeMutablePointer<Value> { start + positionalCount + keywordCount }
    }

    /// Calls a builtin, a method or a host object.
    func callNative(_ callee: Value, _ arguments: Arguments) throws(Failure) -> Value {
        guard callee.isObject else { throw notCallable(callee) }
        switch callee.header.pointee.type {
        case .builtin:
            let object = BuiltinObject(callee)
            let call = Call(
                machine: machine, builtin: object.builtin, receiver: object.receiver,
                arguments: arguments.start, positionalCount: arguments.positionalCount,
                keywordCount: arguments.keywordCount,
                keywordNames: UnsafePointer(arguments.names))
            return try invoke(object.builtin, call)
        case .host:
            return try HostReference(callee.object).call(arguments, machine)
        default: throw notCallable(callee)
        }
    }

    private func notCallable(_ callee: Value) -> Failure {
        Failure("invalid call of non-function (\(callee.typeName))")
    }

    /// Brings positional arguments that do not match the parameters one to one into a new window.
    @inline(never)
    func bind(
        _ function: FunctionObject, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
    ) throws(Failure) -> UnsafeMutablePointer<Value> {
        let code = function.code
        if code.pointee.isSimple, count < code.pointee.parameterCount {
            // In place: only defaults are to be filled in.
            try machine.reserveStack(arguments + code.pointee.registerCount)
            for index in count..<code.pointee.parameterCount {
                let number = Int(code.pointee.defaultNumbers[index])
                if number < 0 { throw missingArguments(function, arguments, count) }
                arguments[index] = function.values[number]
            }
            return arguments
        }
        return try bind(
            function,
            Arguments(
                start: arguments, positionalCount: count, keywordCount: 0, names: arguments))
    }

    @inline(never)
    private func missingArguments(
        _ function: FunctionObject, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
    ) -> Failure {
        let code = function.code.pointee
        let missing = (0..<code.parameterCount).filter {
            $0 >= count && code.defaultNumbers[$0] < 0
        }
        return missingFailure(code, missing)
    }

    private func missingFailure(_ code: Code, _ missing: [Int]) -> Failure {
        let names = missing.map { StringObject(code.parameterNames[$0]).text }
        let plural = missing.count == 1 ? "" : "s"
        return Failure(
            "function \(StringObject(code.name).text) missing \(missing.count) "
                + "argument\(plural) (\(names.joined(separator: ", ")))")
    }

    /// Assigns arguments of every kind to the parameters of a function, in a window above the arguments.
    func bind(
        _ function: FunctionObject, _ arguments: Arguments
    ) throws(Failure) -> UnsafeMutablePointer<Value> {
        let code = function.code
        let window = max(arguments.end, machine.state.pointee.scratchEnd)
        let parameterCount = code.pointee.parameterCount
        try machine.reserveStack(window + code.pointee.registerCount)
        let positional = min(arguments.positionalCount, code.pointee.positionalCount)
        for index in 0..<positional { window[index] = arguments.start[index] }
        for index in positional..<parameterCount { window[index] = .unbound }
        if arguments.positionalCount > positional, !code.pointee.hasStar {
            throw tooManyArguments(code.pointee, arguments)
        }
        var extra: TableObject?
        if code.pointee.hasStarStar {
            extra = try machine.arena.makeTable(.dict, capacity: arguments.keywordCount)
        }
        for index in 0..<arguments.keywordCount {
            try bind(
                keyword: index, of: arguments, to: window, code, hint: positional + index,
                extra: extra)
        }
        try fillDefaults(function, window, from: positional)
        var slot = parameterCount
        if code.pointee.hasStar {
            let rest = UnsafeMutableBufferPointer(
                start: arguments.start + positional,
                count: arguments.positionalCount - positional)
            window[slot] = try machine.arena.makeTuple(copying: rest).value
            slot += 1
        }
        if let extra { window[slot] = extra.value }
        return window
    }

    /// Assigns one keyword argument. The parameter at `hint` is tried first: keywords tend to stand in order.
    private func bind(
        keyword index: Int, of arguments: Arguments, to window: UnsafeMutablePointer<Value>,
        _ code: UnsafeMutablePointer<Code>, hint: Int, extra: TableObject?
    ) throws(Failure) {
        let name = StringObject(arguments.names[index])
        let value = arguments.start[arguments.positionalCount + index]
        let names = code.pointee.parameterNames
        let count = code.pointee.parameterCount
        var found = -1
        if hint < count, StringObject(names[hint]).equals(name) {
            found = hint
        } else {
            for parameter in 0..<count where StringObject(names[parameter]).equals(name) {
                found = parameter
                break
            }
        }
        let function = StringObject(code.pointee.name)
        if found >= 0 {
            guard window[found].isUnbound else {
                throw Failure(
                    "function \(function.text) got multiple values for parameter "
                        + "\"\(name.text)\"")
            }
            window[found] = value
        } else if let extra {
            let before = extra.count
            try extra.set(name.value, value, in: machine.arena)
            if extra.count == before {
                throw Failure(
                    "function \(function.text) got multiple values for parameter "
                        + "\"\(name.text)\"")
            }
        } else {
            let known = (0..<count).map { StringObject(names[$0]).text }
            throw Failure(
                "function \(function.text) got an unexpected keyword argument \"\(name.text)\"",
                hint: suggestion(for: name.text, among: known))
        }
    }

    private func fillDefaults(
        _ function: FunctionObject, _ window: UnsafeMutablePointer<Value>, from first: Int
    ) throws(Failure) {
        let code = function.code
        var missing: [Int] = []
        for index in first..<code.pointee.parameterCount where window[index].isUnbound {
            let number = Int(code.pointee.defaultNumbers[index])
            if number < 0 {
                missing.append(index)
            } else {
                window[index] = function.values[number]
            }
        }
        if !missing.isEmpty { throw missingFailure(code.pointee, missing) }
    }

    private func tooManyArguments(_ code: Code, _ arguments: Arguments) -> Failure {
        let wanted = code.positionalCount
        let hasDefaults = (0..<wanted).contains { code.defaultNumbers[$0] >= 0 }
        let name = StringObject(code.name).text
        if wanted == 0 {
            return Failure(
                "function \(name) accepts no arguments (\(arguments.positionalCount) given)")
        }
        return Failure(
            "function \(name) accepts \(hasDefaults ? "at most " : "")\(wanted) positional "
                + "argument\(wanted == 1 ? "" : "s") (\(arguments.positionalCount) given)")
    }

    // MARK: Calls with keywords and unpacked arguments

    /// Makes a call; true if a frame was entered, false if the result is there already.
    @inline(never)
    func callComplex(
        _ base: UnsafeMutablePointer<Value>, _ site: UnsafeMutablePointer<CallSite>,
        _ frame: UnsafeMutablePointer<Frame>, result: UnsafeMutablePointer<Value>
    ) throws(Failure) -> Bool {
        let state = machine.state
        var arguments = Arguments(
            start: base + 1, positionalCount: site.pointee.positionalCount,
            keywordCount: site.pointee.keywordCount,
            names: frame.pointee.code.pointee.constants + site.pointee.firstName)
        let scratchEnd = state.pointee.scratchEnd
        defer { state.pointee.scratchEnd = scratchEnd }
        if site.pointee.hasStar || site.pointee.hasStarStar {
            arguments = try spread(
                arguments, site, above: frame.pointee.end, for: base.pointee)
        }
        let callee = base.pointee
        guard callee.isObject(.function) else {
            result.pointee = try callNative(callee, arguments)
            return false
        }
        let function = FunctionObject(callee)
        let window = try bind(function, arguments)
        try enter(function, window, result: result)
        return true
    }

    /// Pushes a frame whose parameters are in place.
    func enter(
        _ function: FunctionObject, _ window: UnsafeMutablePointer<Value>,
        result: UnsafeMutablePointer<Value>
    ) throws(Failure) {
        let state = machine.state
        let code = function.code
        try checkCall(code, window, state)
        (state.pointee.frames + state.pointee.depth).initialize(
            to: Frame(
                code: code, next: code.pointee.instructions, registers: window,
                function: function.value, globals: function.pointer.pointee.globals.pointee.values,
                result: result))
        state.pointee.depth += 1
        state.pointee.fuel &-= 1
    }

    /// Copies the arguments to the free stack with the items of `*args` and `**kwargs` in their places.
    private func spread(
        _ arguments: Arguments, _ site: UnsafeMutablePointer<CallSite>,
        above end: UnsafeMutablePointer<Value>, for callee: Value
    ) throws(Failure) -> Arguments {
        let state = machine.state
        let start = max(end, state.pointee.scratchEnd)
        var operand = arguments.end
        let star = site.pointee.hasStar ? operand.pointee : .unbound
        if site.pointee.hasStar { operand += 1 }
        let starStar = site.pointee.hasStarStar ? operand.pointee : .unbound

        var place = start
        func push(_ value: Value) throws(Failure) {
            try machine.reserveStack(place + 1)
            place.pointee = value
            place += 1
        }
        for index in 0..<arguments.positionalCount { try push(arguments.start[index]) }
        if !star.isUnbound { try pushItems(of: star, push) }
        let positionalCount = place - start
        for index in 0..<arguments.keywordCount {
            try push(arguments.start[arguments.positionalCount + index])
        }
        let table = try mapping(starStar)
        if let table {
            for number in 0..<table.used where !table.entries[number].key.isUnbound {
                try push(table.entries[number].value)
            }
        }
        let keywordCount = place - start - positionalCount
        let names = place
        for index in 0..<arguments.keywordCount { try push(arguments.names[index]) }
        if let table {
            for number in 0..<table.used where !table.entries[number].key.isUnbound {
                let name = table.entries[number].key
                guard name.isString else {
                    throw Failure("keywords must be strings, not \(name.typeName)")
                }
                for index in 0..<arguments.keywordCount {
                    if StringObject(arguments.names[index]).equals(StringObject(name)) {
                        throw repeatedKeyword(StringObject(name).text, callee)
                    }
                }
                try push(name)
            }
        }
        state.pointee.scratchEnd = place
        return Arguments(
            start: start, positionalCount: positionalCount, keywordCount: keywordCount,
            names: names)
    }

    private func repeatedKeyword(_ name: String, _ callee: Value) -> Failure {
        if callee.isObject(.function) {
            return Failure(
                "function \(FunctionObject(callee).name) got multiple values for parameter "
                    + "\"\(name)\"")
        }
        guard callee.isObject(.builtin) else {
            return Failure("keyword argument \"\(name)\" is repeated")
        }
        let builtin = BuiltinObject(callee).builtin._withUnsafeGuaranteedRef { $0.name }
        return Failure("\(builtin): duplicate keyword arg: \"\(name)\"")
    }

    private func pushItems(
        of value: Value, _ push: (Value) throws(Failure) -> Void
    ) throws(Failure) {
        guard value.isObject, !value.isString else {
            throw Failure("argument after * must be iterable, not \(value.typeName)")
        }
        var iteration: Iteration
        do throws(Failure) {
            iteration = try Iteration(over: value, in: machine.arena)
        } catch {
            throw Failure("argument after * must be iterable, not \(value.typeName)")
        }
        while let item = try iteration.next() { try push(item) }
    }

    private func mapping(_ value: Value) throws(Failure) -> TableObject? {
        if value.isUnbound { return nil }
        guard value.isObject(.dict) else {
            throw Failure("argument after ** must be a mapping, not \(value.typeName)")
        }
        return TableObject(value)
    }

    // MARK: Functions

    @inline(never)
    func makeFunction(
        _ frame: UnsafeMutablePointer<Frame>, number: Int, defaults: UnsafeMutablePointer<Value>
    ) throws(Failure) -> Value {
        let code = frame.pointee.code.pointee.program._withUnsafeGuaranteedRef { $0.codes[number] }
        let running = FunctionObject(frame.pointee.function)
        let function = try machine.arena.makeFunction(
            code, globals: running.pointer.pointee.globals)
        let defaultCount = code.pointee.defaultCount
        for index in 0..<defaultCount { function.values[index] = defaults[index] }
        for index in 0..<code.pointee.captureCount {
            let source = code.pointee.captures[index]
            function.values[defaultCount + index] =
                source.isLocal
                ? frame.pointee.registers[Int(source.index)]
                : running.values[running.code.pointee.defaultCount + Int(source.index)]
        }
        return function.value
    }
}

extension Arena {
    /// A function whose defaults and captured cells the caller fills in.
    func makeFunction(
        _ code: UnsafeMutablePointer<Code>, globals: UnsafeMutablePointer<GlobalsRecord>
    ) throws(Failure) -> FunctionObject {
        let count = code.pointee.defaultCount + code.pointee.captureCount
        let size = FunctionObject.headSize + count * MemoryLayout<Value>.size
        let memory = try allocate(size)
        memory.assumingMemoryBound(to: FunctionObject.Layout.self).initialize(
            to: .init(
                header: ObjectHeader(
                    type: .function, flags: size > Arena.largeSize ? [.large, .frozen] : .frozen,
                    auxiliary: UInt32(truncatingIfNeeded: count)),
                code: code, globals: globals))
        return FunctionObject(Value(object: memory))
    }
}
