// LMDB, used by two processes:  cc -O2 -o lmdb lmdb.c -llmdb && ./lmdb <empty folder> 20000
// A get copies the value. Without MDB_NOSYNC, each put would wait for the disk; ours does not, by default.
#include <lmdb.h>
#include "embedded.h"

static const char *engine = "lmdb";
static MDB_env *env;
static MDB_dbi dbi;
static MDB_txn *reader;

static void check(int code, const char *what) { if (code) fail(what); }

static void open_database(const char *folder) {
    MDB_txn *txn;
    check(mdb_env_create(&env), "mdb_env_create");
    check(mdb_env_set_mapsize(env, 1ul << 30), "mdb_env_set_mapsize");
    check(mdb_env_open(env, folder, MDB_NOSYNC, 0600), "mdb_env_open");
    check(mdb_txn_begin(env, NULL, 0, &txn), "mdb_txn_begin");
    check(mdb_dbi_open(txn, NULL, 0, &dbi), "mdb_dbi_open");
    check(mdb_txn_commit(txn), "mdb_txn_commit");
    check(mdb_txn_begin(env, NULL, MDB_RDONLY, &reader), "mdb_txn_begin");
    mdb_txn_reset(reader);
}

static void put(const char *key, const char *value) {
    MDB_txn *txn;
    MDB_val k = { KEY, (void *)key }, v = { VALUE, (void *)value };
    check(mdb_txn_begin(env, NULL, 0, &txn), "mdb_txn_begin");
    check(mdb_put(txn, dbi, &k, &v, 0), "mdb_put");
    check(mdb_txn_commit(txn), "mdb_txn_commit");
}

static void get(const char *key, char *value) {
    MDB_val k = { KEY, (void *)key }, v;
    check(mdb_txn_renew(reader), "mdb_txn_renew");
    check(mdb_get(reader, dbi, &k, &v), "mdb_get");
    memcpy(value, v.mv_data, VALUE);
    mdb_txn_reset(reader);
}

static long iterate(void) {
    MDB_cursor *cursor;
    MDB_val k, v;
    long entries = 0;
    volatile char last = 0;
    check(mdb_txn_renew(reader), "mdb_txn_renew");
    check(mdb_cursor_open(reader, dbi, &cursor), "mdb_cursor_open");
    while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) { last += *(char *)v.mv_data; entries++; }
    mdb_cursor_close(cursor);
    mdb_txn_reset(reader);
    return entries;
}
