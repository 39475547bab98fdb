// Tries one thing that a sandbox must refuse, by its name, and says what came of it: `refused`, with the errno, or
// `ESCAPED`. Static, as a sandbox has no libraries; system calls by number, as libcs hide some.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// Numbers that older headers lack.
#define CALL_FCHMODAT2 452
#define CALL_SETXATTRAT 463

static void expect_refusal(const char *what, long result) {
    if (result < 0)
        printf("%s: refused: %s\n", what, strerrorname_np(errno));
    else
        printf("%s: ESCAPED\n", what);
}

/// The file gets a set-user-id mode by any call?
static void setuid_modes(void) {
    close(creat("/build/file", 0755));
    int file = open("/build/file", O_RDWR);
    expect_refusal("chmod", syscall(SYS_chmod, "/build/file", 04755));
    expect_refusal("chmod setgid", syscall(SYS_chmod, "/build/file", 02755));
    expect_refusal("fchmod", syscall(SYS_fchmod, file, 04755));
    expect_refusal("fchmodat", syscall(SYS_fchmodat, AT_FDCWD, "/build/file", 04755));
    expect_refusal("fchmodat2", syscall(CALL_FCHMODAT2, AT_FDCWD, "/build/file", 04755, 0));
    expect_refusal("open", syscall(SYS_open, "/build/o", O_CREAT | O_WRONLY, 04755));
    expect_refusal("openat", syscall(SYS_openat, AT_FDCWD, "/build/p", O_CREAT | O_WRONLY, 04755));
    expect_refusal("O_TMPFILE", syscall(SYS_openat, AT_FDCWD, "/build", O_TMPFILE | O_WRONLY, 04755));
    expect_refusal("creat", syscall(SYS_creat, "/build/q", 04755));
    expect_refusal("mknod", syscall(SYS_mknod, "/build/r", S_IFREG | 04755, 0));
    expect_refusal("mknodat", syscall(SYS_mknodat, AT_FDCWD, "/build/s", S_IFREG | 04755, 0));
    expect_refusal("mkdir", syscall(SYS_mkdir, "/build/t", 02755));
    expect_refusal("mkdirat", syscall(SYS_mkdirat, AT_FDCWD, "/build/u", 02755));
    uint64_t how[3] = {O_CREAT | O_WRONLY, 04755, 0};
    expect_refusal("openat2", syscall(SYS_openat2, AT_FDCWD, "/build/v", how, sizeof how));
    // What is allowed stays so, whatever is in unused registers.
    printf("open without O_CREAT: %s\n", syscall(SYS_open, "/build/file", O_RDONLY, 06777) < 0 ? "refused" : "allowed");
    printf("chmod 1777: %s\n", chmod("/build/file", 01777) < 0 ? "refused" : "allowed");
}

static void extended_attributes(void) {
    close(creat("/build/file", 0755));
    int file = open("/build/file", O_RDWR);
    expect_refusal("setxattr", syscall(SYS_setxattr, "/build/file", "user.x", "1", 1, 0));
    expect_refusal("lsetxattr", syscall(SYS_lsetxattr, "/build/file", "user.x", "1", 1, 0));
    expect_refusal("fsetxattr", syscall(SYS_fsetxattr, file, "user.x", "1", 1, 0));
    expect_refusal("setxattrat", syscall(CALL_SETXATTRAT, AT_FDCWD, "/build/file", 0, "user.x", 0, 0));
    int flags = 0x10; // immutable
    expect_refusal("inode flags", ioctl(file, FS_IOC_SETFLAGS, &flags));
}

static void devices(void) {
    expect_refusal("character device", mknod("/build/null", S_IFCHR | 0666, makedev(1, 3)));
    expect_refusal("block device", mknod("/build/disk", S_IFBLK | 0666, makedev(8, 0)));
    expect_refusal("mode of /dev/null", syscall(SYS_chmod, "/dev/null", 0600));
    expect_refusal("unlink /dev/null", unlink("/dev/null"));
    printf("fifo: %s\n", mkfifo("/build/fifo", 0600) < 0 ? "refused" : "allowed");
}

static void kernel_interfaces(void) {
    char room[128] = {0};
    expect_refusal("keyctl", syscall(SYS_keyctl, 0, -3, 1));
    expect_refusal("add_key", syscall(SYS_add_key, "user", "a", "b", 1, -3));
    expect_refusal("request_key", syscall(SYS_request_key, "user", "a", 0, -3));
    expect_refusal("bpf", syscall(SYS_bpf, 0, room, sizeof room));
    expect_refusal("io_uring_setup", syscall(SYS_io_uring_setup, 4, room));
    expect_refusal("userfaultfd", syscall(SYS_userfaultfd, 1));
    expect_refusal("perf_event_open", syscall(SYS_perf_event_open, room, 0, -1, -1, 0));
    expect_refusal("ptrace", syscall(SYS_ptrace, 16, 1, 0, 0));
    expect_refusal("process_vm_readv", syscall(SYS_process_vm_readv, getpid(), 0, 0, 0, 0, 0));
    expect_refusal("pidfd_getfd", syscall(SYS_pidfd_getfd, -1, 0, 0));
    expect_refusal("open_by_handle_at", syscall(SYS_open_by_handle_at, -100, room, 0));
    expect_refusal("TIOCSTI", ioctl(0, TIOCSTI, "x"));
    expect_refusal("TIOCSTI with upper bits", syscall(SYS_ioctl, 0, 0x100005412UL, "x"));
    expect_refusal("clone3", syscall(SYS_clone3, room, 64));
    expect_refusal("x32 call", syscall(0x40000000 + SYS_getpid));
}

static void namespaces(void) {
    const struct { const char *name; int flag; } all[] = {
        {"user", CLONE_NEWUSER}, {"mount", CLONE_NEWNS}, {"pid", CLONE_NEWPID}, {"net", CLONE_NEWNET},
        {"ipc", CLONE_NEWIPC}, {"uts", CLONE_NEWUTS}, {"cgroup", CLONE_NEWCGROUP}, {"time", 0x80}};
    for (size_t index = 0; index < sizeof all / sizeof *all; index++) {
        char name[32];
        snprintf(name, sizeof name, "unshare %s", all[index].name);
        expect_refusal(name, syscall(SYS_unshare, all[index].flag));
    }
    expect_refusal("clone user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    int self = open("/proc/self/ns/mnt", O_RDONLY);
    expect_refusal("setns", syscall(SYS_setns, self, 0));
}

static void mounts(const char *input) {
    expect_refusal("mount", mount("x", "/tmp", "tmpfs", 0, ""));
    expect_refusal("remount writable", mount("", input, "", MS_REMOUNT | MS_BIND, ""));
    expect_refusal("unmount", umount2(input, MNT_DETACH));
    expect_refusal("open_tree", syscall(SYS_open_tree, -100, "/", 1));
    expect_refusal("mount_setattr", syscall(SYS_mount_setattr, -100, "/", 0, 0, 0));
    expect_refusal("pivot_root", syscall(SYS_pivot_root, "/", "/"));
    expect_refusal("chroot", chroot("/tmp"));
    expect_refusal("write to the root", creat("/file", 0644));
    expect_refusal("write to /proc/sys", open("/proc/sys/kernel/core_pattern", O_WRONLY));
    expect_refusal("write to /etc/passwd", open("/etc/passwd", O_WRONLY));
}

static void inputs(const char *input) {
    char path[256];
    int file = open(input, O_RDONLY);
    expect_refusal("open for writing", open(input, O_WRONLY));
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    expect_refusal("through /proc/self/fd", open(path, O_WRONLY));
    snprintf(path, sizeof path, "/proc/self/root%s", input);
    expect_refusal("through /proc/self/root", open(path, O_WRONLY));
    expect_refusal("pid 1's root", open("/proc/1/root", O_RDONLY));
    expect_refusal("pid 1's memory", open("/proc/1/mem", O_RDONLY));
    expect_refusal("pid 1's arguments", open("/proc/1/cmdline", O_RDONLY));
    expect_refusal("chmod", chmod(input, 0777));
    expect_refusal("truncate", truncate(input, 0));
    expect_refusal("unlink", unlink(input));
    expect_refusal("hard link into the build", link(input, "/build/link"));
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    expect_refusal("hard link of a descriptor", linkat(AT_FDCWD, path, AT_FDCWD, "/build/link", AT_SYMLINK_FOLLOW));
    expect_refusal("times", utimensat(AT_FDCWD, input, NULL, 0));
}

static void families(void) {
    for (int family = 0; family < 48; family++) {
        int channel = socket(family, SOCK_STREAM, 0);
        if (channel < 0 && errno != EAFNOSUPPORT) channel = socket(family, SOCK_RAW, 0);
        if (channel < 0 && errno != EAFNOSUPPORT) channel = socket(family, SOCK_DGRAM, 0);
        if (channel >= 0) printf("family %d\n", family);
    }
}

/// Connects to an abstract socket of the host's.
static void abstract_socket(const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
    int channel = socket(AF_UNIX, SOCK_STREAM, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
    expect_refusal("connect", connect(channel, (struct sockaddr *)&address, size));
}

/// Leaves a process that writes to a file again and again.
static void daemonize(const char *path) {
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
            for (;;)
                if (write(file, "x", 1) < 0) _exit(1);
        }
        _exit(0);
    }
    // Until it is at work.
    struct stat status;
    while (stat(path, &status) < 0 || status.st_size == 0) usleep(1000);
}

static void state(void) {
    char link[256];
    for (int number = 0; number < 1024; number++) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", number);
        if (fcntl(number, F_GETFD) >= 0) printf("descriptor %d\n", number);
    }
    sigset_t blocked;
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL) printf("signal %d is not default\n", number);
        if (sigismember(&blocked, number) == 1) printf("signal %d is blocked\n", number);
    }
    mode_t mask = umask(0);
    printf("umask %03o\nuid %d %d gid %d %d\n", mask, getuid(), geteuid(), getgid(), getegid());
    printf("session leader %s\n", getsid(0) == getpid() ? "yes" : "no");
    extern char **environ;
    for (char **entry = environ; *entry; entry++) printf("environment %s\n", *entry);
}

/// Forks until it may not, and says how far it came.
static void fork_bomb(void) {
    int count = 0;
    while (count < 100000) {
        pid_t child = fork();
        if (child < 0) break;
        if (child == 0) { pause(); _exit(0); }
        count++;
    }
    printf("%s after %s\n", strerrorname_np(errno), count < 1000 ? "fewer than 1000" : "too many");
}

static void fill(const char *path) {
    static char block[1 << 20];
    int file = open(path, O_WRONLY | O_CREAT, 0644);
    for (;;)
        if (write(file, block, sizeof block) < 0) {
            printf("refused: %s\n", strerrorname_np(errno));
            return;
        }
}

/// One line of so many MiB.
static void long_line(long size) {
    static char block[1 << 20];
    memset(block, 'x', sizeof block);
    for (long index = 0; index < size; index++)
        for (size_t done = 0; done < sizeof block;) done += (size_t)write(1, block + done, sizeof block - done);
}

int main(int count, char **arguments) {
    const char *name = count > 1 ? arguments[1] : "";
    const char *argument = count > 2 ? arguments[2] : "";
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!strcmp(name, "setuid")) setuid_modes();
    else if (!strcmp(name, "xattr")) extended_attributes();
    else if (!strcmp(name, "devices")) devices();
    else if (!strcmp(name, "kernel")) kernel_interfaces();
    else if (!strcmp(name, "namespaces")) namespaces();
    else if (!strcmp(name, "mounts")) mounts(argument);
    else if (!strcmp(name, "inputs")) inputs(argument);
    else if (!strcmp(name, "families")) families();
    else if (!strcmp(name, "abstract")) abstract_socket(argument);
    else if (!strcmp(name, "daemon")) daemonize(argument);
    else if (!strcmp(name, "state")) state();
    else if (!strcmp(name, "priority")) printf("%d\n", getpriority(PRIO_PROCESS, 0));
    else if (!strcmp(name, "fork-bomb")) fork_bomb();
    else if (!strcmp(name, "fill")) fill(argument);
    else if (!strcmp(name, "long-line")) long_line(atol(argument));
    else if (!strcmp(name, "print")) write(1, argument, strlen(argument));
    else if (!strcmp(name, "read")) {
        char text[256];
        int file = open(argument, O_RDONLY);
        ssize_t size = file < 0 ? -1 : read(file, text, sizeof text);
        expect_refusal("read", size);
    } else if (!strcmp(name, "size")) {
        char text[256];
        printf("%zd\n", read(open(argument, O_RDONLY), text, sizeof text));
    } else if (!strcmp(name, "list")) {
        DIR *folder = opendir(argument);
        if (!folder) expect_refusal("list", -1);
        for (struct dirent *entry; folder && (entry = readdir(folder));)
            if (entry->d_name[0] != '.') puts(entry->d_name);
    } else if (!strcmp(name, "terminal")) {
        struct winsize size = {0};
        char line[64] = "";
        ioctl(0, TIOCGWINSZ, &size);
        printf("terminal %d, %d rows of %d\n", isatty(0) && isatty(1) && isatty(2), size.ws_row, size.ws_col);
        // Only a terminal of its own says that it is in the foreground.
        printf("foreground %d\n", tcgetpgrp(0) == getpgrp());
        if (fgets(line, sizeof line, stdin)) printf("got %s", line);
    } else if (!strcmp(name, "sleep")) {
        puts("ready");
        for (;;) pause();
    } else if (!strcmp(name, "exit")) return atoi(argument);
    else if (!strcmp(name, "signal")) raise(atoi(argument));
    else return 2;
    return 0;
}
