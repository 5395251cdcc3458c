/*
 * Preloaded into a program: a disk that fails when a test says so. The environment tells how:
 *   SOTTO_DISK_PATH   only files whose path contains this
 *   SOTTO_DISK_WHILE  only while this file exists (from when on the calls are counted); absent: always
 *   SOTTO_DISK_CALL   "write" or "sync": the calls that are counted
 *   SOTTO_DISK_AT     the first one that fails, from 1
 *   SOTTO_DISK_TIMES  how many fail from there on; 0 for all
 *   SOTTO_DISK_HOW    "EIO", "ENOSPC", or "torn": half of it is written, and the process dies
 *   SOTTO_DISK_STRUCK this file is made when a call fails
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static int is_ours(int fd) {
  const char *part = getenv("SOTTO_DISK_PATH");
  char link[64], path[4096];
  if (part == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strstr(path, part) != NULL;
}

static void note_strike(void) {
  const char *file = getenv("SOTTO_DISK_STRUCK");
  if (file == NULL) return;
  int fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
}

/* Whether this call fails. Leaves errno as it was where it does not. */
static int strikes(int fd, const char *call) {
  const char *wanted = getenv("SOTTO_DISK_CALL");
  if (wanted == NULL || strcmp(wanted, call) != 0) return 0;
  int before = errno;
  const char *only = getenv("SOTTO_DISK_WHILE");
  int counts = is_ours(fd) && (only == NULL || access(only, F_OK) == 0);
  errno = before;
  if (!counts) return 0;
  long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  long at = atol(getenv("SOTTO_DISK_AT") ? getenv("SOTTO_DISK_AT") : "1");
  long times = atol(getenv("SOTTO_DISK_TIMES") ? getenv("SOTTO_DISK_TIMES") : "1");
  if (number < at || (times > 0 && number >= at + times)) return 0;
  note_strike();
  errno = before;
  return 1;
}

static int fail(void) {
  const char *how = getenv("SOTTO_DISK_HOW");
  errno = how != NULL && strcmp(how, "ENOSPC") == 0 ? ENOSPC : EIO;
  return -1;
}

static int tears(void) {
  const char *how = getenv("SOTTO_DISK_HOW");
  return how != NULL && strcmp(how, "torn") == 0;
}

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off_t);
typedef ssize_t (*write_call)(int, const void *, size_t);
typedef int (*sync_call)(int);

static ssize_t place(const char *name, int fd, const void *bytes, size_t length, off_t offset) {
  pwrite_call real = (pwrite_call)dlsym(RTLD_NEXT, name);
  if (!strikes(fd, "write")) return real(fd, bytes, length, offset);
  if (!tears()) return fail();
  real(fd, bytes, length / 2, offset);
  return raise(SIGKILL);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return place("pwrite", fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  return place("pwrite64", fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  write_call real = (write_call)dlsym(RTLD_NEXT, "write");
  if (!strikes(fd, "write")) return real(fd, bytes, length);
  if (!tears()) return fail();
  real(fd, bytes, length / 2);
  return raise(SIGKILL);
}

static int sync_one(const char *name, int fd) {
  sync_call real = (sync_call)dlsym(RTLD_NEXT, name);
  return strikes(fd, "sync") ? fail() : real(fd);
}

int fsync(int fd) {
  return sync_one("fsync", fd);
}

int fdatasync(int fd) {
  return sync_one("fdatasync", fd);
}
