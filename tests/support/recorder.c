/* Records what a program writes into its data folder, so that a test can see the
 * disk as it was at any moment, and pretends that the disk is full while a file says
 * so. Loaded before the program's own libraries (LD_PRELOAD).
 *
 * RECORDER_FOLDER: the folder that is watched. RECORDER_LOG: where the record goes.
 * RECORDER_FULL: while this file exists, no write into the folder finds room; if it
 * has something in it, no write that lets a file grow does.
 *
 * A record: kind (1 byte), file's number (4 bytes), offset (8), length (8), bytes.
 * W write, B a sync begins, S it is done, T truncate to offset, N name of a number,
 * R rename (both names), L a further name (both), U unlink. Numbers in the order of
 * the machine. Processes that the program forks go on in the same record. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 65536
static int number_of[MOST];
static int64_t place_of[MOST];
static int appends[MOST];
static int *next_number;
static int record = -1;
static char folder[PATH_MAX];
static size_t folder_length;
static const char *full;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define REAL(name, type) static __typeof__(type) real; \
    if (!real) real = (__typeof__(type))dlsym(RTLD_NEXT, name)

static ssize_t real_write(int fd, const void *bytes, size_t length)
{
    REAL("write", ssize_t (*)(int, const void *, size_t));
    return real(fd, bytes, length);
}

static void put(char kind, int number, int64_t offset, const void *bytes, int64_t length)
{
    if (record < 0) return;
    char head[21];
    head[0] = kind;
    memcpy(head + 1, &number, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &length, 8);
    char *whole = malloc(sizeof head + length);
    memcpy(whole, head, sizeof head);
    if (length) memcpy(whole + sizeof head, bytes, length);
    /* One call: a record is there whole or not at all. */
    real_write(record, whole, sizeof head + length);
    free(whole);
}

__attribute__((constructor)) static void begin(void)
{
    const char *where = getenv("RECORDER_FOLDER"), *log = getenv("RECORDER_LOG");
    full = getenv("RECORDER_FULL");
    /* PostgreSQL writes its title over the environment. */
    if (full) full = strdup(full);
    if (!where || !realpath(where, folder)) return;
    next_number = mmap(0, sizeof *next_number, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (next_number == MAP_FAILED) return;
    folder_length = strlen(folder);
    REAL("open", int (*)(const char *, int, ...));
    if (log) record = real(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int watched(const char *path, char *whole)
{
    char parent[PATH_MAX];
    if (!folder_length || !path) return 0;
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    const char *name = slash ? slash + 1 : parent;
    char base[PATH_MAX];
    if (slash) { *slash = 0; if (!realpath(*parent ? parent : "/", base)) return 0; }
    else if (!getcwd(base, sizeof base)) return 0;
    if (snprintf(whole, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
    if (strncmp(whole, folder, folder_length) || whole[folder_length] != '/') return 0;
    /* Shared memory of the database is made anew by whoever opens it. */
    size_t length = strlen(whole);
    return !(length > 4 && !strcmp(whole + length - 4, "-shm"));
}

static int no_room(int fd, int64_t end)
{
    struct stat sign, file;
    if (!full || stat(full, &sign)) return 0;
    return !sign.st_size || (!fstat(fd, &file) && end > file.st_size);
}

static void opened(int fd, const char *path, int flags)
{
    char whole[PATH_MAX];
    if (fd < 0 || fd >= MOST || !watched(path, whole)) return;
    struct stat facts;
    if (fstat(fd, &facts) || !S_ISREG(facts.st_mode)) return;
    pthread_mutex_lock(&lock);
    number_of[fd] = __atomic_add_fetch(next_number, 1, __ATOMIC_SEQ_CST);
    place_of[fd] = 0;
    appends[fd] = (flags & O_APPEND) != 0;
    put('N', number_of[fd], 0, whole + folder_length + 1, strlen(whole + folder_length + 1));
    if (flags & O_TRUNC) put('T', number_of[fd], 0, 0, 0);
    pthread_mutex_unlock(&lock);
}

#define OPEN(name) int name(const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    REAL(#name, int (*)(const char *, int, ...)); \
    int fd = real(path, flags, mode); opened(fd, path, flags); return fd; }
OPEN(open)
OPEN(open64)

int openat(int at, const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
    REAL("openat", int (*)(int, const char *, int, ...));
    int fd = real(at, path, flags, mode);
    if (at == AT_FDCWD) opened(fd, path, flags);
    return fd;
}

int close(int fd)
{
    REAL("close", int (*)(int));
    if (fd >= 0 && fd < MOST) number_of[fd] = 0;
    return real(fd);
}

static ssize_t wrote(int fd, const void *bytes, int64_t offset, ssize_t done)
{
    if (done > 0) put('W', number_of[fd], offset, bytes, done);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (fd < 0 || fd >= MOST || !number_of[fd]) return real_write(fd, bytes, length);
    pthread_mutex_lock(&lock);
    int64_t at = appends[fd] ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    if (no_room(fd, at + length)) { pthread_mutex_unlock(&lock); errno = ENOSPC; return -1; }
    ssize_t done = wrote(fd, bytes, at, real_write(fd, bytes, length));
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(name, offset_type) ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) { \
    REAL(#name, ssize_t (*)(int, const void *, size_t, offset_type)); \
    if (fd < 0 || fd >= MOST || !number_of[fd]) return real(fd, bytes, length, offset); \
    if (no_room(fd, offset + length)) { errno = ENOSPC; return -1; } \
    pthread_mutex_lock(&lock); \
    ssize_t done = wrote(fd, bytes, offset, real(fd, bytes, length, offset)); \
    pthread_mutex_unlock(&lock); return done; }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset_type) ssize_t name(int fd, const struct iovec *parts, int count, offset_type offset) { \
    REAL(#name, ssize_t (*)(int, const struct iovec *, int, offset_type)); \
    if (fd < 0 || fd >= MOST || !number_of[fd]) return real(fd, parts, count, offset); \
    int64_t end = offset; \
    for (int part = 0; part < count; part++) end += parts[part].iov_len; \
    if (no_room(fd, end)) { errno = ENOSPC; return -1; } \
    pthread_mutex_lock(&lock); \
    ssize_t done = real(fd, parts, count, offset), left = done; \
    for (int part = 0; part < count && left > 0; part++) { \
        ssize_t length = left < (ssize_t)parts[part].iov_len ? left : (ssize_t)parts[part].iov_len; \
        wrote(fd, parts[part].iov_base, offset + done - left, length); \
        left -= length; } \
    pthread_mutex_unlock(&lock); return done; }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

#define TRUNCATE(name, offset_type) int name(int fd, offset_type length) { \
    REAL(#name, int (*)(int, offset_type)); \
    pthread_mutex_lock(&lock); \
    int done = real(fd, length); \
    if (!done && fd >= 0 && fd < MOST && number_of[fd]) put('T', number_of[fd], length, 0, 0); \
    pthread_mutex_unlock(&lock); return done; }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) int name(int fd) { \
    REAL(#name, int (*)(int)); \
    if (fd < 0 || fd >= MOST || !number_of[fd]) return real(fd); \
    pthread_mutex_lock(&lock); put('B', number_of[fd], 0, 0, 0); pthread_mutex_unlock(&lock); \
    int done = real(fd); \
    if (!done) { pthread_mutex_lock(&lock); put('S', number_of[fd], 0, 0, 0); pthread_mutex_unlock(&lock); } \
    return done; }
SYNC(fsync)
SYNC(fdatasync)

#define BOTH(name, kind) int name(const char *from, const char *to) { \
    char old[PATH_MAX], new[PATH_MAX], both[2 * PATH_MAX]; \
    int seen = watched(from, old) && watched(to, new); \
    REAL(#name, int (*)(const char *, const char *)); \
    pthread_mutex_lock(&lock); \
    int done = real(from, to); \
    if (!done && seen) { \
        int length = snprintf(both, sizeof both, "%s%c%s", old + folder_length + 1, '\n', new + folder_length + 1); \
        put(kind, 0, 0, both, length); } \
    pthread_mutex_unlock(&lock); return done; }
BOTH(rename, 'R')
BOTH(link, 'L')

int unlink(const char *path)
{
    char whole[PATH_MAX];
    int seen = watched(path, whole);
    REAL("unlink", int (*)(const char *));
    pthread_mutex_lock(&lock);
    int done = real(path);
    if (!done && seen) put('U', 0, 0, whole + folder_length + 1, strlen(whole + folder_length + 1));
    pthread_mutex_unlock(&lock);
    return done;
}
