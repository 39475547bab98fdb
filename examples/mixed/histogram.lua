-- Prints a line with a bar for each argument.
local bars = require "bars"
for _, word in ipairs(arg) do
    local number = assert(math.tointeger(word), "numbers are wanted")
    print(number .. " " .. bars.draw(number))
end
