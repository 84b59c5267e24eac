/* Makes the nth call that writes below a folder fail, as a full or broken disk would.
 *
 * Preloaded (LD_PRELOAD), it stands before the C library's own functions, whoever calls them: Python,
 * NumPy, SQLite, FAISS. `arm` says below which folder, which call, and with which error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char below[4096];
static long nth, seen;
static int failure;
static char failed[128];

void arm(const char *folder, long call, int error) {
    strncpy(below, folder, sizeof below - 1);
    nth = call;
    failure = error;
    seen = 0;
    failed[0] = 0;
}

const char *what_failed(void) { return failed; }

static int fails(const char *path, const char *function) {
    if (!nth || strncmp(path, below, strlen(below)) || ++seen != nth) return 0;
    snprintf(failed, sizeof failed, "%s %s", function, strrchr(path, '/') + 1);
    errno = failure;
    return 1;
}

static int fails_at(int descriptor, const char *function) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = nth ? readlink(link, path, sizeof path - 1) : -1;
    if (length < 0) return 0;
    path[length] = 0;
    return fails(path, function);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) {
    return fails_at(fd, "write") ? -1 : REAL(write)(fd, data, size);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    return fails_at(fd, "writev") ? -1 : REAL(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return fails_at(fd, "pwrite") ? -1 : REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return fails_at(fd, "pwrite64") ? -1 : REAL(pwrite64)(fd, data, size, at);
}

size_t fwrite(const void *data, size_t size, size_t count, FILE *file) {
    return fails_at(fileno(file), "fwrite") ? 0 : REAL(fwrite)(data, size, count, file);
}

/* What is still in the buffer of the C library is lost, of a small file all of it. A file that was
 * only read has nothing there. */
int fclose(FILE *file) {
    int descriptor = fileno(file), error = 0;
    int written = (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY;
    off_t end = lseek(descriptor, 0, SEEK_CUR);
    if (written && fails_at(descriptor, "fclose")) error = errno;
    int kept = error ? dup(descriptor) : -1;
    int result = REAL(fclose)(file);
    if (!error) return result;
    if (ftruncate(kept, end)) perror("ftruncate");
    close(kept);
    errno = error;
    return EOF;
}

int fsync(int fd) { return fails_at(fd, "fsync") ? -1 : REAL(fsync)(fd); }

int fdatasync(int fd) { return fails_at(fd, "fdatasync") ? -1 : REAL(fdatasync)(fd); }

int rename(const char *from, const char *to) {
    return fails(from, "rename") ? -1 : REAL(rename)(from, to);
}
