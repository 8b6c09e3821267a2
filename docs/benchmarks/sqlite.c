// SQLite in WAL mode, used by two processes:  cc -O2 -o sqlite sqlite.c -lsqlite3 && ./sqlite <empty folder> 20000
// A put is a transaction. In WAL mode with synchronous=NORMAL it does not wait for the disk, as ours does not by default.
#include <sqlite3.h>
#include "embedded.h"

static const char *engine = "sqlite";
static sqlite3 *db;
static sqlite3_stmt *putting, *getting, *walking;

static void check(int code, const char *what) {
    if (code != SQLITE_OK) { fprintf(stderr, "%s\n", sqlite3_errmsg(db)); fail(what); }
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), sql);
    return statement;
}

static void open_database(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/sqlite.db", folder);
    check(sqlite3_open(path, &db), "sqlite3_open");
    check(sqlite3_busy_timeout(db, 10000), "sqlite3_busy_timeout");
    check(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE IF NOT EXISTS kv (k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID", NULL, NULL, NULL), "opening");
    putting = prepare("INSERT INTO kv VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v");
    getting = prepare("SELECT v FROM kv WHERE k = ?");
    walking = prepare("SELECT k, v FROM kv ORDER BY k");
}

static void put(const char *key, const char *value) {
    check(sqlite3_bind_blob(putting, 1, key, KEY, SQLITE_STATIC), "bind");
    check(sqlite3_bind_blob(putting, 2, value, VALUE, SQLITE_STATIC), "bind");
    if (sqlite3_step(putting) != SQLITE_DONE) fail("put");
    check(sqlite3_reset(putting), "reset");
}

static void get(const char *key, char *value) {
    check(sqlite3_bind_blob(getting, 1, key, KEY, SQLITE_STATIC), "bind");
    if (sqlite3_step(getting) != SQLITE_ROW || sqlite3_column_bytes(getting, 0) != VALUE) fail("get");
    memcpy(value, sqlite3_column_blob(getting, 0), VALUE);
    check(sqlite3_reset(getting), "reset");
}

static long iterate(void) {
    long entries = 0;
    volatile char last = 0;
    while (sqlite3_step(walking) == SQLITE_ROW) { last += *(const char *)sqlite3_column_blob(walking, 1); entries++; }
    check(sqlite3_reset(walking), "reset");
    return entries;
}
