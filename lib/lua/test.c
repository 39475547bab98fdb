#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

/* A host program: it runs a line of Lua that calls it back. */
static int twice(lua_State *state) {
    lua_pushinteger(state, 2 * luaL_checkinteger(state, 1));
    return 1;
}

int main(void) {
    lua_State *state = luaL_newstate();
    luaL_openlibs(state);
    lua_register(state, "twice", twice);
    if (luaL_dostring(state, "return twice(20) + 2")) return 1;
    printf("%lld by %s\n", lua_tointeger(state, -1), LUA_VERSION);
    lua_close(state);
}
