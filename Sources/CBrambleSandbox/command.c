// The last steps before `exec`: a child of pid 1 gives up all that the command must not have.
//
// It runs after vfork, on the memory of pid 1: local variables and system calls, nothing else.
#include "internal.h"

#include <linux/capability.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Sets a limit as far as the caller may have it: rlimits are passed on, and only root can raise one.
static int set_limit(const struct bramble_sandbox_limit *limit) {
    struct rlimit current;
    if (getrlimit((__rlimit_resource_t)limit->resource, &current) < 0) return -1;
    struct rlimit wanted = {
        .rlim_cur = limit->soft < current.rlim_max ? limit->soft : current.rlim_max,
        .rlim_max = limit->hard < current.rlim_max ? limit->hard : current.rlim_max};
    return setrlimit((__rlimit_resource_t)limit->resource, &wanted);
}

/// Gives up every capability, and every way to get one.
static int drop_capabilities(void) {
    // A user 0 is nothing special, and changing users gives nothing; both for good.
    const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
        SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
        SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) < 0) return -1;
    // The kernel says where the list ends.
    for (unsigned long number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; number++)
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0) return -1;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return -1;
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return (int)syscall(SYS_capset, &header, none);
}

/// Signals as a fresh login has them: none ignored, none handled, none blocked.
static void reset_signals(void) {
    struct sigaction normal = {.sa_handler = SIG_DFL};
    // For those that cannot be changed it fails, which is as well.
    for (int number = 1; number <= SIGRTMAX; number++) sigaction(number, &normal, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

struct bramble_failure bramble_become_command(const struct bramble_sandbox_command *command) {
    if (setsid() < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_SESSION);
    if (command->controls_terminal && ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_SESSION);
    for (size_t index = 0; index < command->limit_count; index++)
        if (set_limit(&command->limits[index]) < 0)
            return (struct bramble_failure){BRAMBLE_STAGE_LIMITS, (int)index};
    umask(022);
    if (drop_capabilities() < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_CAPABILITIES);
    // Without capabilities: a directory that the command could not enter is a failure.
    if (chdir(command->directory) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_DIRECTORY);
    reset_signals();
    // Set-user-id programs give nothing from here on; it is also what lets us install a filter.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_CAPABILITIES);
    struct sock_fprog program = {
        .len = command->filter_length, .filter = (struct sock_filter *)command->filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_SECCOMP);
    execve(command->program, command->arguments, command->environment);
    return BRAMBLE_FAILURE(BRAMBLE_STAGE_EXEC);
}
