-- Closures, coroutines, patterns.
local function numbers()
    local a, b = 0, 1
    return coroutine.wrap(function()
        while true do
            coroutine.yield(a)
            a, b = b, a + b
        end
    end)
end
local next_number, last = numbers(), nil
for _ = 0, 20 do last = next_number() end
print((("fib(%d) = X"):format(20):gsub("X", tostring(last))))
