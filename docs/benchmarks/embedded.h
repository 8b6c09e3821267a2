// What lmdb.c and sqlite.c have in common. A first process fills the database and keeps it open. A second one, which this measures, opens
// it and puts, gets and iterates, one operation at a time. Keys have 13 bytes, values 100, as in `rave bench`; nothing waits for the disk.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEY 13
#define VALUE 100
#define WALKS 5

// Of each engine. A handle is opened by each process for itself.
static const char *engine;
static void open_database(const char *folder);
static void put(const char *key, const char *value);
static void get(const char *key, char *value);
static long iterate(void);

static void fail(const char *what) { fprintf(stderr, "%s: %s failed\n", engine, what); exit(1); }

static void key_of(int i, char *key) { char text[KEY + 1]; snprintf(text, sizeof text, "key%010d", i); memcpy(key, text, KEY); }

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e6 + t.tv_nsec / 1e3; }

static int compare(const void *a, const void *b) { double d = *(const double *)a - *(const double *)b; return (d > 0) - (d < 0); }

static void do_one(int i, int n, int reads) {
    char key[KEY], value[VALUE];
    key_of(i % n, key);
    if (reads) get(key, value); else { memset(value, 'x', VALUE); put(key, value); }
}

// Two passes, of which the second counts; and another one for the times of each operation.
static void measure(const char *name, int n, int reads) {
    double rate = 0, *times = malloc(n * sizeof *times);
    for (int pass = 0; pass < 2; pass++) {
        double start = now();
        for (int i = 0; i < n; i++) do_one(i, n, reads);
        rate = n / (now() - start) * 1e6;
    }
    for (int i = 0; i < n; i++) { double start = now(); do_one(i, n, reads); times[i] = now() - start; }
    qsort(times, n, sizeof *times, compare);
    printf("\"%s.%s.1\": %.0f, \"%s.%s.1.p50us\": %.2f, \"%s.%s.1.p99us\": %.2f, ",
        engine, name, rate, engine, name, times[n / 2], engine, name, times[(int)(n * 0.99)]);
    free(times);
}

static void run(const char *folder, int n) {
    open_database(folder);
    printf("{ ");
    measure("put", n, 0);
    measure("get", n, 1);
    double rate = 0;
    for (int pass = 0; pass < 2; pass++) {
        long entries = 0;
        double start = now();
        for (int walk = 0; walk < WALKS; walk++) entries += iterate();
        if (entries != (long)WALKS * n) fail("iterating over all entries");
        rate = entries / (now() - start) * 1e6;
    }
    printf("\"%s.iterate\": %.0f }\n", engine, rate);
}

int main(int count, char **words) {
    if (count != 3) { fprintf(stderr, "usage: %s <folder> <entries>\n", words[0]); return 2; }
    int n = atoi(words[2]), ready[2], status;
    if (n < 1 || pipe(ready)) return 2;
    pid_t other = fork();
    if (other == 0) {
        // Opens after the fork: neither library allows a database to be used across one.
        char byte;
        close(ready[1]);
        if (read(ready[0], &byte, 1) != 1) return 1;
        run(words[1], n);
        return 0;
    }
    open_database(words[1]);
    for (int i = 0; i < n; i++) do_one(i, n, 0);
    if (write(ready[1], "r", 1) != 1) return 1;
    if (waitpid(other, &status, 0) != other) return 1;
    // As the measured process, this one still reads and writes the database.
    do_one(0, n, 1);
    do_one(0, n, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
