// argc and argv. Swift's own CommandLine.arguments reads /proc/self/cmdline, and is empty where /proc is not mounted.
#include "CLinux.h"

#ifdef __linux__

static int argument_count;
static char **arguments;

// glibc passes the arguments of main to constructors as well (elf/dl-init.c, call_init), also to those of the executable
// (csu/libc-start.c, call_init).
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    argument_count = count;
    arguments = values;
}

int clinux_argument_count(void) { return argument_count; }

char **clinux_arguments(void) { return arguments; }

#endif
