// Descriptors that Swift's Glibc has no names for.
#define _GNU_SOURCE
#include "CBrambleChannels.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int bramble_make_pipe(int ends[2]) {
    // In one call: another thread may fork and exec at any moment.
    return pipe2(ends, O_CLOEXEC);
}

int bramble_make_terminal(int ends[2]) {
    ends[0] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (ends[0] < 0) return -1;
    ends[1] = -1;
    // By descriptor: its name may be another terminal's in another mount namespace.
    if (unlockpt(ends[0]) == 0) ends[1] = ioctl(ends[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    const struct winsize size = {.ws_row = 24, .ws_col = 80};
    if (ends[1] >= 0 && ioctl(ends[1], TIOCSWINSZ, &size) == 0) return 0;
    const int error = errno;
    if (ends[1] >= 0) close(ends[1]);
    close(ends[0]);
    errno = error;
    return -1;
}
