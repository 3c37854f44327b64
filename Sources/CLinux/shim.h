// The parts of Linux that Swift's Glibc module leaves out: epoll, eventfd, names of threads, and
// giving disk blocks back.
#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <linux/falloc.h>

// fallocate(2) is declared only under _GNU_SOURCE, which a module cannot ask for.
static inline long clinux_punch_hole(int descriptor, long offset, long length) {
    return syscall(SYS_fallocate, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

// So is strptime(3), under _XOPEN_SOURCE.
char *strptime(const char *text, const char *format, struct tm *time);

static inline int clinux_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}
#endif

#endif
