// Which system calls a sandboxed command may make. Compiled before the clone, by libseccomp.
//
// The namespaces keep a command away from the host; the filter keeps it from what namespaces don't cover:
// what a store cannot hold (set-user-id modes, extended attributes), kernel parts that know no
// namespaces (keys, vsock), and those whose faults get out (io_uring, bpf, userfaultfd, nested
// namespaces). All else is allowed: a list of what is allowed would break builds with each new libc.
#define _GNU_SOURCE
#include "include/CBrambleSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/// A call that is refused whatever its arguments.
struct refusal {
    int call;
    int error;
};

/// Newer than the libseccomp of Debian 12; these numbers are the same on all architectures.
enum {
    CALL_FCHMODAT2 = 452,
    CALL_STATMOUNT = 457,
    CALL_LISTMOUNT = 458,
    CALL_SETXATTRAT = 463,
    CALL_REMOVEXATTRAT = 466,
    CALL_OPEN_TREE_ATTR = 467,
    CALL_FILE_SETATTR = 469,
};

static const struct refusal refusals[] = {
    // Extended attributes: no store object has any. ENOTSUP is what cp, tar and install go on after.
    {SCMP_SYS(setxattr), ENOTSUP}, {SCMP_SYS(lsetxattr), ENOTSUP}, {SCMP_SYS(fsetxattr), ENOTSUP},
    {SCMP_SYS(removexattr), ENOTSUP}, {SCMP_SYS(lremovexattr), ENOTSUP},
    {SCMP_SYS(fremovexattr), ENOTSUP},
    {CALL_SETXATTRAT, ENOSYS}, {CALL_REMOVEXATTRAT, ENOSYS}, {CALL_FILE_SETATTR, ENOSYS},
    // Keys belong to users, not to namespaces.
    {SCMP_SYS(keyctl), ENOSYS}, {SCMP_SYS(add_key), ENOSYS}, {SCMP_SYS(request_key), ENOSYS},
    // Large interfaces that builds do without. ENOSYS: programs try something else.
    {SCMP_SYS(bpf), ENOSYS}, {SCMP_SYS(userfaultfd), ENOSYS}, {SCMP_SYS(perf_event_open), ENOSYS},
    {SCMP_SYS(io_uring_setup), ENOSYS}, {SCMP_SYS(io_uring_enter), ENOSYS},
    {SCMP_SYS(io_uring_register), ENOSYS}, {SCMP_SYS(fanotify_init), ENOSYS},
    // What points to its arguments cannot be looked into: libcs fall back to clone, open, which can.
    {SCMP_SYS(clone3), ENOSYS}, {SCMP_SYS(openat2), ENOSYS},
    // Other processes: their memory, their descriptors, their control.
    {SCMP_SYS(ptrace), EPERM}, {SCMP_SYS(process_vm_readv), EPERM},
    {SCMP_SYS(process_vm_writev), EPERM}, {SCMP_SYS(pidfd_getfd), EPERM}, {SCMP_SYS(kcmp), EPERM},
    // Mounts and roots, old interface and new.
    {SCMP_SYS(mount), EPERM}, {SCMP_SYS(umount2), EPERM}, {SCMP_SYS(pivot_root), EPERM},
    {SCMP_SYS(chroot), EPERM}, {SCMP_SYS(open_tree), EPERM}, {SCMP_SYS(move_mount), EPERM},
    {SCMP_SYS(fsopen), EPERM}, {SCMP_SYS(fsconfig), EPERM}, {SCMP_SYS(fsmount), EPERM},
    {SCMP_SYS(fspick), EPERM}, {SCMP_SYS(mount_setattr), EPERM}, {CALL_OPEN_TREE_ATTR, EPERM},
    {CALL_STATMOUNT, ENOSYS}, {CALL_LISTMOUNT, ENOSYS}, {SCMP_SYS(setns), EPERM},
    // Handles open files without a path to them.
    {SCMP_SYS(open_by_handle_at), EPERM}, {SCMP_SYS(name_to_handle_at), ENOTSUP},
    // The machine itself. No capability allows any of it; nor do we.
    {SCMP_SYS(reboot), EPERM}, {SCMP_SYS(kexec_load), EPERM}, {SCMP_SYS(kexec_file_load), EPERM},
    {SCMP_SYS(init_module), EPERM}, {SCMP_SYS(finit_module), EPERM},
    {SCMP_SYS(delete_module), EPERM}, {SCMP_SYS(swapon), EPERM}, {SCMP_SYS(swapoff), EPERM},
    {SCMP_SYS(acct), EPERM}, {SCMP_SYS(quotactl), EPERM}, {SCMP_SYS(quotactl_fd), EPERM},
    {SCMP_SYS(settimeofday), EPERM}, {SCMP_SYS(clock_settime), EPERM}, {SCMP_SYS(syslog), EPERM},
    {SCMP_SYS(vhangup), EPERM}, {SCMP_SYS(iopl), EPERM}, {SCMP_SYS(ioperm), EPERM},
};

/// Requests to devices and files that are refused, by their lower 32 bits: the kernel reads no more of them.
static const struct refusal requests[] = {
    // They put words into the mouth of whoever reads the terminal after the command.
    {TIOCSTI, EPERM}, {0x541C /* TIOCLINUX */, EPERM},
    // Inode flags: immutable, no copy on write, project quotas. No store object has any.
    {(int)FS_IOC_SETFLAGS, ENOTTY}, {(int)FS_IOC_FSSETXATTR, ENOTTY},
};

/// A call with a mode, and which argument that is.
struct moded_call {
    int call;
    unsigned argument;
};

static const struct moded_call moded_calls[] = {
    {SCMP_SYS(chmod), 1}, {SCMP_SYS(fchmod), 1}, {SCMP_SYS(fchmodat), 2}, {CALL_FCHMODAT2, 2},
    {SCMP_SYS(mkdir), 1}, {SCMP_SYS(mkdirat), 2}, {SCMP_SYS(mknod), 1}, {SCMP_SYS(mknodat), 2},
    {SCMP_SYS(creat), 1},
};

static const uint64_t privileged_modes[] = {S_ISUID, S_ISGID};
static const uint64_t creating_flags[] = {O_CREAT, O_TMPFILE & ~O_DIRECTORY};

/// Refuses set-user-id and set-group-id modes wherever a call takes a mode.
static int refuse_modes(scmp_filter_ctx filter) {
    int result = 0;
    const size_t calls = sizeof moded_calls / sizeof *moded_calls;
    for (size_t bit = 0; bit < 2; bit++) {
        const uint64_t mode = privileged_modes[bit];
        for (size_t index = 0; index < calls && result == 0; index++)
            result = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EPERM), moded_calls[index].call, 1,
                SCMP_CMP64(moded_calls[index].argument, SCMP_CMP_MASKED_EQ, mode, mode));
        // Without one of these flags the argument is whatever was in the register.
        for (size_t flag = 0; flag < 2 && result == 0; flag++) {
            const uint64_t flags = creating_flags[flag];
            result = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 2,
                SCMP_A1_64(SCMP_CMP_MASKED_EQ, flags, flags),
                SCMP_A2_64(SCMP_CMP_MASKED_EQ, mode, mode));
            if (result == 0)
                result = seccomp_rule_add(
                    filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 2,
                    SCMP_A2_64(SCMP_CMP_MASKED_EQ, flags, flags),
                    SCMP_A3_64(SCMP_CMP_MASKED_EQ, mode, mode));
        }
    }
    return result;
}

/// Refuses device nodes. The kernel does so too, in a user namespace; files and pipes stay allowed.
static int refuse_devices(scmp_filter_ctx filter) {
    const uint64_t kinds[] = {S_IFCHR, S_IFBLK};
    int result = 0;
    for (size_t index = 0; index < 2 && result == 0; index++) {
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mknod), 1,
            SCMP_A1_64(SCMP_CMP_MASKED_EQ, S_IFMT, kinds[index]));
        if (result == 0)
            result = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mknodat), 1,
                SCMP_A2_64(SCMP_CMP_MASKED_EQ, S_IFMT, kinds[index]));
    }
    return result;
}

/// Refuses namespaces within: each opens parts of the kernel to people without rights.
static int refuse_namespaces(scmp_filter_ctx filter) {
    const uint64_t flags[] = {
        CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
        CLONE_NEWCGROUP, 0x80 /* CLONE_NEWTIME, which clone takes for a signal number */};
    int result = 0;
    for (size_t index = 0; index < sizeof flags / sizeof *flags && result == 0; index++) {
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 1,
            SCMP_A0_64(SCMP_CMP_MASKED_EQ, flags[index], flags[index]));
        if (result == 0 && flags[index] != 0x80)
            result = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                SCMP_A0_64(SCMP_CMP_MASKED_EQ, flags[index], flags[index]));
    }
    return result;
}

/// Refuses sockets other than local, IPv4, IPv6 and netlink. Not all families know network namespaces: vsock
/// reaches the machine's own host.
static int refuse_families(scmp_filter_ctx filter) {
    const int calls[] = {SCMP_SYS(socket), SCMP_SYS(socketpair)};
    int result = 0;
    for (size_t call = 0; call < 2 && result == 0; call++) {
        for (uint64_t family = 0; family < AF_NETLINK && result == 0; family++)
            if (family != AF_UNIX && family != AF_INET && family != AF_INET6)
                result = seccomp_rule_add(
                    filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), calls[call], 1,
                    SCMP_A0_64(SCMP_CMP_EQ, family));
        if (result == 0)
            result = seccomp_rule_add(
                filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), calls[call], 1,
                SCMP_A0_64(SCMP_CMP_GT, AF_NETLINK));
    }
    return result;
}

static int add_rules(scmp_filter_ctx filter) {
    // Other architectures' calls (32 bits, x32) would need tables of their own: refused as unknown.
    int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    // A search tree: most calls are decided in a handful of instructions rather than a hundred.
    if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    const size_t calls = sizeof refusals / sizeof *refusals;
    for (size_t index = 0; index < calls && result == 0; index++)
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(refusals[index].error), refusals[index].call, 0);
    for (size_t index = 0; index < sizeof requests / sizeof *requests && result == 0; index++)
        result = seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(requests[index].error), SCMP_SYS(ioctl), 1,
            SCMP_A1_64(SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint32_t)requests[index].call));
    if (result == 0) result = refuse_modes(filter);
    if (result == 0) result = refuse_devices(filter);
    if (result == 0) result = refuse_namespaces(filter);
    if (result == 0) result = refuse_families(filter);
    return result;
}

unsigned short bramble_sandbox_filter(struct sock_filter *filter, size_t capacity) {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    if (!context) {
        errno = ENOMEM;
        return 0;
    }
    // libseccomp writes programs to files only.
    int file = memfd_create("bramble-filter", MFD_CLOEXEC);
    int result = file < 0 ? -errno : add_rules(context);
    if (result == 0) result = seccomp_export_bpf(context, file);
    off_t size = result == 0 ? lseek(file, 0, SEEK_END) : 0;
    size_t count = (size_t)size / sizeof *filter;
    if (result == 0 && (count == 0 || count > capacity || count > UINT16_MAX)) result = -E2BIG;
    if (result == 0 && pread(file, filter, (size_t)size, 0) != size) result = -EIO;
    if (file >= 0) close(file);
    seccomp_release(context);
    errno = -result;
    return result == 0 ? (unsigned short)count : 0;
}
