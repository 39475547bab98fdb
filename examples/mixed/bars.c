/* A module for Lua: bars.draw(5) is "#####". */
#include <lauxlib.h>
#include <lua.h>

static int draw(lua_State *state) {
    luaL_Buffer buffer;
    luaL_buffinit(state, &buffer);
    for (lua_Integer width = luaL_checkinteger(state, 1); width > 0; width--) luaL_addchar(&buffer, '#');
    luaL_pushresult(&buffer);
    return 1;
}

int luaopen_bars(lua_State *state) {
    static const luaL_Reg functions[] = {{"draw", draw}, {NULL, NULL}};
    luaL_newlib(state, functions);
    return 1;
}
