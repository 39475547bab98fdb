// Pid 1 of a sandbox: makes the world, starts the command, reaps what is orphaned and goes when the command
// goes; the kernel then kills whatever is left in the pid namespace.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/// Where pid 1 has its descriptors; 0 to 2 are the command's.
enum { STATUS = 3, PARENT = 4, MOST_DESCRIPTORS = 5 };

int bramble_closing(int file, int result) {
    int error = errno;
    if (file >= 0) close(file);
    errno = error;
    return result;
}

int bramble_write_text(const char *path, const char *text, int flags, mode_t mode) {
    int file = open(path, O_WRONLY | O_CLOEXEC | flags, mode);
    if (file < 0) return -1;
    size_t length = strlen(text);
    ssize_t written = write(file, text, length);
    // The kernel's own files take a text whole or not at all; others may find no room.
    if (written >= 0) errno = ENOSPC;
    return bramble_closing(file, written == (ssize_t)length ? 0 : -1);
}

/// Moves descriptors to the numbers from 0 on and closes all others: no `exec` did it for us.
static int keep_only(const int *descriptors, int count) {
    int copies[MOST_DESCRIPTORS];
    // First out of each other's way: any of them may be one of the numbers that are wanted.
    for (int index = 0; index < count; index++) {
        copies[index] = fcntl(descriptors[index], F_DUPFD_CLOEXEC, count);
        if (copies[index] < 0) return -1;
    }
    // The command's lose their close-on-exec flag, ours keep it.
    for (int index = 0; index < count; index++)
        if (dup3(copies[index], index, index < STATUS ? 0 : O_CLOEXEC) < 0) return -1;
    return close_range((unsigned)count, ~0U, 0);
}

/// Makes the kernel kill us when the launcher dies, and makes sure that it lives.
static int die_with_parent(int parent) {
    // The signal is sent by an ancestor of our pid namespace, so pid 1 is not exempt.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) return -1;
    // It may have died before. getppid() is 0 in here in any case, but the descriptor tells.
    struct pollfd end = {.fd = parent, .events = POLLIN};
    int dead = poll(&end, 1, 0);
    close(parent);
    if (dead > 0) errno = ESRCH;
    return dead == 0 ? 0 : -1;
}

/// Maps the caller to the build user. `/proc` is still the host's.
static int map_user(const struct bramble_sandbox_command *command) {
    // Without this, an ordinary user may not map groups (user_namespaces(7)).
    if (bramble_write_text("/proc/self/setgroups", "deny", 0, 0) < 0) return -1;
    if (bramble_write_text("/proc/self/uid_map", command->user_map, 0, 0) < 0) return -1;
    return bramble_write_text("/proc/self/gid_map", command->group_map, 0, 0);
}

/// Brings up the loopback interface of the new network namespace. IPv6 follows.
static int raise_loopback(void) {
    int channel = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (channel < 0) return -1;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    return bramble_closing(channel, ioctl(channel, SIOCSIFFLAGS, &request));
}

/// Lets the command run on the first few processors only.
static int limit_processors(int count) {
    cpu_set_t all, some;
    if (sched_getaffinity(0, sizeof all, &all) < 0) return -1;
    CPU_ZERO(&some);
    for (int number = 0; number < CPU_SETSIZE && CPU_COUNT(&some) < count; number++)
        if (CPU_ISSET(number, &all)) CPU_SET(number, &some);
    return sched_setaffinity(0, sizeof some, &some);
}

/// Makes the runs of one command differ where it must not look (SandboxVariation).
static int vary(const struct bramble_sandbox_command *command) {
    if (command->processors > 0 && limit_processors(command->processors) < 0) return -1;
    for (int number = 0; number < command->skipped_processes; number++) {
        pid_t process = vfork();
        if (process == 0) _exit(0);
        if (process < 0 || waitpid(process, NULL, 0) < 0) return -1;
    }
    return 0;
}

/// What pid 1 does before it needs to know which command it is to run.
static struct bramble_failure begin(const struct bramble_sandbox_command *command, int parent) {
    if (die_with_parent(parent) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_PARENT);
    // Nobody outside signals us by accident.
    setsid();
    if (map_user(command) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_USER_MAP);
    // We hold a copy of the launcher's memory, which was once bramble's. After this only a capability could let the command read it, and
    // it has none. Not before: it takes away our right to write the maps.
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_USER_MAP);
    if (!command->shares_network && raise_loopback() < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_LOOPBACK);
    if (sethostname(command->host_name, strlen(command->host_name)) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_HOST_NAME);
    // No domain either: the host's would be seen in uname.
    if (setdomainname("", 0) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_HOST_NAME);
    // A caller that ignores it would make the kernel reap for us, and lose the statuses.
    signal(SIGCHLD, SIG_DFL);
    return bramble_begin_root(command);
}

/// Starts the command as a child. On success, `child` is its number.
static struct bramble_failure start(const struct bramble_sandbox_command *command, pid_t *child) {
    // The child runs on our memory while we stand still: what it writes here we read afterwards.
    volatile struct bramble_failure failure = BRAMBLE_SUCCESS;
    volatile int error = 0;
    pid_t process = vfork();
    if (process < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_FORK);
    if (process == 0) {
        struct bramble_failure reason = bramble_become_command(command);
        error = errno;
        failure.index = reason.index;
        failure.stage = reason.stage;
        _exit(127);
    }
    errno = error;
    *child = process;
    return failure;
}

/// Reaps until the command itself has ended.
static void reap(pid_t child, struct bramble_sandbox_record *record) {
    for (;;) {
        int status;
        struct rusage usage;
        pid_t ended = wait4(-1, &status, __WALL, &usage);
        if (ended != child) continue;
        record->status = status;
        record->usage = usage;
        return;
    }
}

/// The rest of pid 1's life, after `begin`: `failure` is what came of that, with its errno, `done` how many steps
/// it has done.
static _Noreturn void run(
    const struct bramble_sandbox_command *command, struct bramble_failure failure, size_t done, int status) {
    struct bramble_sandbox_record record = {0};
    pid_t child = 0;
    if (failure.stage == BRAMBLE_STAGE_NONE && vary(command) < 0)
        failure = BRAMBLE_FAILURE(BRAMBLE_STAGE_VARIATION);
    if (failure.stage == BRAMBLE_STAGE_NONE) failure = bramble_finish_root(command, done);
    if (failure.stage == BRAMBLE_STAGE_NONE) failure = start(command, &child);
    if (failure.stage != BRAMBLE_STAGE_NONE) {
        record.error = errno;
        record.stage = failure.stage;
        record.index = failure.index;
    } else {
        // The command's pipes must end when the command and its children let go of them.
        close_range(0, STATUS - 1, 0);
        reap(child, &record);
    }
    // Fits into a pipe's atomic write. If nobody reads any more, nobody needs to know.
    ssize_t written = write(status, &record, sizeof record);
    // With pid 1 goes everything that still runs in here.
    _exit(written < 0);
}

_Noreturn void bramble_run_init(
    const struct bramble_sandbox_command *command, const int descriptors[4], int parent) {
    const int wanted[] = {descriptors[0], descriptors[1], descriptors[2], descriptors[3], parent};
    if (keep_only(wanted, MOST_DESCRIPTORS) < 0)
        run(command, BRAMBLE_FAILURE(BRAMBLE_STAGE_DESCRIPTORS), 0, descriptors[STATUS]);
    run(command, begin(command, PARENT), command->step_count, STATUS);
}

_Noreturn void bramble_run_spare(
    const struct bramble_sandbox_command *common, int channel, int parent) {
    const int wanted[] = {channel, parent};
    // Nobody waits for it yet: whoever wants it will find nobody there.
    if (keep_only(wanted, 2) < 0) _exit(1);
    struct bramble_failure failure = begin(common, 1);
    int error = errno;
    const struct bramble_sandbox_command *command;
    int descriptors[BRAMBLE_REQUEST_DESCRIPTORS];
    if (bramble_receive(0, &command, sizeof command, descriptors, BRAMBLE_REQUEST_DESCRIPTORS) <= 0)
        _exit(0);
    if (keep_only(descriptors, BRAMBLE_REQUEST_DESCRIPTORS) < 0)
        run(command, BRAMBLE_FAILURE(BRAMBLE_STAGE_DESCRIPTORS), 0, descriptors[STATUS]);
    errno = error;
    run(command, failure, common->step_count, STATUS);
}
