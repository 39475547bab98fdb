#include <sqlite3.h>

/// Binds a text or a blob, which is copied: the macro that says so is none that Swift can read.
static inline int bramble_sqlite3_bind_text(
    sqlite3_stmt *statement, int position, const char *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, position, bytes, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int bramble_sqlite3_bind_blob(
    sqlite3_stmt *statement, int position, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, position, bytes, count, SQLITE_TRANSIENT);
}
