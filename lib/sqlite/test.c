#include <sqlite3.h>
#include <stdio.h>

int main(void) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    if (sqlite3_open(":memory:", &database)) return 1;
    if (sqlite3_exec(database, "create table t(x); insert into t values (2), (40)", 0, 0, 0)) return 2;
    if (sqlite3_prepare_v2(database, "select sum(x) from t", -1, &statement, 0)) return 3;
    if (sqlite3_step(statement) != SQLITE_ROW) return 4;
    printf("%s: %d\n", sqlite3_libversion(), sqlite3_column_int(statement, 0));
}
