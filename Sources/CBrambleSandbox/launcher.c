// The launcher: a small process that sandboxes are cloned from.
//
//   bramble ──fork, once──▶ launcher ──clone3──▶ pid 1 ──vfork──▶ the command
//
// A clone copies the page tables of its parent: measured, 5 ms of CPU for every 100 MB that the parent has in
// memory, there and back. The launcher was forked off before bramble grew. Nor has it threads, locks or open
// files of bramble's, so that nothing of that kind can leak into a sandbox.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Room for the descriptors of one message, aligned as the kernel wants it.
union ancillary {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * BRAMBLE_REQUEST_DESCRIPTORS)];
};

/// Sends one message with descriptors.
static ssize_t send_message(int channel, void *data, size_t size, const int *descriptors, size_t count) {
    union ancillary room = {0};
    struct iovec vector = {.iov_base = data, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (count > 0) {
        message.msg_control = room.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        room.header.cmsg_level = SOL_SOCKET;
        room.header.cmsg_type = SCM_RIGHTS;
        room.header.cmsg_len = CMSG_LEN(sizeof(int) * count);
        memcpy(CMSG_DATA(&room.header), descriptors, sizeof(int) * count);
    }
    ssize_t sent;
    do sent = sendmsg(channel, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t bramble_receive(int channel, void *data, size_t size, int *descriptors, size_t count) {
    union ancillary room = {0};
    struct iovec vector = {.iov_base = data, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1,
        .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    for (size_t index = 0; index < count; index++) descriptors[index] = -1;
    ssize_t received;
    do received = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    struct cmsghdr *header = received > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header && header->cmsg_len <= CMSG_LEN(sizeof(int) * count))
        memcpy(descriptors, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
    return received;
}

/// clone3 without a stack: as fork, with namespaces.
static pid_t clone_init(const struct bramble_sandbox_command *command, int *pidfd) {
    uint64_t flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS |
        CLONE_NEWCGROUP | CLONE_PIDFD;
    if (!command->shares_network) flags |= CLONE_NEWNET;
    struct clone_args arguments = {
        .flags = flags, .pidfd = (uint64_t)(uintptr_t)pidfd, .exit_signal = SIGCHLD};
    return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

/// A signal that is handled, if only so, interrupts a wait.
static void wake(int number) { (void)number; }

/// Waits for a request, and meanwhile for the sandboxes that have ended: so their use of the processor is counted
/// as ours, and in the end as bramble's.
static void wait_for_request(int channel) {
    sigset_t all_but_children;
    sigfillset(&all_but_children);
    sigdelset(&all_but_children, SIGCHLD);
    struct pollfd request = {.fd = channel, .events = POLLIN};
    // The signal is let through within the call only, so none gets lost between this and the reaping.
    do while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    while (ppoll(&request, 1, NULL, &all_but_children) < 0 && errno == EINTR);
}

/// A pid 1 that has made ready what commands have in common, and waits for one. Half of a spawn is done before
/// anybody asks, beside the command that runs.
struct spare {
    const struct bramble_sandbox_command *common;
    int channel;
    int pidfd;
};

static void make_spare(struct spare *spare, const struct bramble_sandbox_command *common, int self) {
    int channel[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) return;
    pid_t child = clone_init(common, &spare->pidfd);
    if (child == 0) bramble_run_spare(common, channel[1], self);
    close(channel[1]);
    spare->channel = channel[0];
    if (child > 0) spare->common = common;
    else close(channel[0]);
}

/// Gives a command to the spare. Returns a pidfd of that, or -1 if there is none that would do.
static int use_spare(
    struct spare *spare, const struct bramble_sandbox_command *command, const int *descriptors) {
    if (!spare->common || spare->common != command->common) return -1;
    spare->common = NULL;
    ssize_t sent = send_message(
        spare->channel, &command, sizeof command, descriptors, BRAMBLE_REQUEST_DESCRIPTORS);
    close(spare->channel);
    // Somebody may have killed it.
    return sent > 0 ? spare->pidfd : bramble_closing(spare->pidfd, -1);
}

/// Serves requests until the caller is gone.
static _Noreturn void serve(int channel, int self) {
    struct spare spare = {0};
    const struct bramble_sandbox_command *last = NULL;
    for (;;) {
        const struct bramble_sandbox_command *command;
        int descriptors[BRAMBLE_REQUEST_DESCRIPTORS];
        wait_for_request(channel);
        // Nothing to receive means that no process holds the other end. All sandboxes die with us.
        if (bramble_receive(channel, &command, sizeof command, descriptors, BRAMBLE_REQUEST_DESCRIPTORS) <= 0)
            _exit(0);
        const struct bramble_sandbox_command *common = command->common;
        if (command == common) {
            // Nothing is to be run yet, and nobody waits for an answer.
            if (!spare.common) make_spare(&spare, common, self);
            last = common;
            continue;
        }
        int error = 0;
        int pidfd = use_spare(&spare, command, descriptors);
        if (pidfd < 0) {
            pid_t child = clone_init(command, &pidfd);
            if (child == 0) bramble_run_init(command, descriptors, self);
            error = child < 0 ? errno : 0;
        }
        for (int index = 0; index < BRAMBLE_REQUEST_DESCRIPTORS; index++) close(descriptors[index]);
        // The answer is an error number or a pidfd. If that fails, nobody waits for it; the next receive ends us.
        send_message(channel, &error, sizeof error, &pidfd, error ? 0 : 1);
        bramble_closing(pidfd, 0);
        // Who has asked twice will ask again.
        if (common && common == last && !spare.common) make_spare(&spare, common, self);
        last = common;
    }
}

/// What the launcher does first: it lets go of all that is bramble's.
static _Noreturn void become_launcher(int channel) {
    // Out of the terminal's reach: Ctrl-C is for bramble.
    setsid();
    prctl(PR_SET_NAME, "bramble-launch", 0, 0, 0);
    const struct sigaction waking = {.sa_handler = wake};
    sigaction(SIGCHLD, &waking, NULL);
    // Whoever reads what bramble writes must not wait for us.
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int index = 0; index < 3 && null >= 0; index++) dup2(null, index);
    // The channel becomes number 3; all others are bramble's.
    if (dup3(channel, 3, O_CLOEXEC) < 0 && channel != 3) _exit(1);
    close_range(4, ~0U, 0);
    // libdispatch gives its threads priorities of their own, if it may; builders get that of the process, which is
    // its first thread's.
    errno = 0;
    int priority = getpriority(PRIO_PROCESS, (id_t)getppid());
    if (errno == 0) setpriority(PRIO_PROCESS, 0, priority);
    // No folder of the user's stays in use on our account.
    if (chdir("/") < 0) _exit(1);
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (self < 0) _exit(1);
    serve(3, self);
}

int bramble_launcher_start(struct bramble_launcher *launcher, size_t memory_size) {
    int channel[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) return -1;
    // Pages come into being when they are written to.
    launcher->memory = mmap(
        NULL, memory_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (launcher->memory == MAP_FAILED) return bramble_closing(channel[0], bramble_closing(channel[1], -1));
    // No handler of the caller's may run in the copy, which keeps all signals blocked for good.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    // Not glibc's fork: that runs handlers of all kinds of libraries in the child.
    launcher->pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (launcher->pid == 0) become_launcher(channel[1]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    launcher->channel = channel[0];
    if (launcher->pid > 0) return bramble_closing(channel[1], 0);
    munmap(launcher->memory, memory_size);
    return bramble_closing(channel[0], bramble_closing(channel[1], -1));
}

enum bramble_stage bramble_launcher_launch(
    int channel, const struct bramble_sandbox_command *command, int status, int *pidfd) {
    const int descriptors[BRAMBLE_REQUEST_DESCRIPTORS] = {
        command->input, command->output, command->error, status};
    int error;
    if (send_message(channel, &command, sizeof command, descriptors, BRAMBLE_REQUEST_DESCRIPTORS) < 0)
        return BRAMBLE_STAGE_LAUNCHER;
    ssize_t received = bramble_receive(channel, &error, sizeof error, pidfd, 1);
    if (received >= 0) errno = EPIPE;  // If it is no answer, the launcher was killed.
    if (received != sizeof error) return BRAMBLE_STAGE_LAUNCHER;
    errno = error;
    return error ? BRAMBLE_STAGE_CLONE : BRAMBLE_STAGE_NONE;
}

int bramble_launcher_prepare(int channel, const struct bramble_sandbox_command *common) {
    return send_message(channel, &common, sizeof common, NULL, 0) < 0 ? -1 : 0;
}

int bramble_sandbox_kill(int pidfd) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
}
