// Which system calls a sandboxed command may make. Compiled before the clone, by libseccomp.
//
// The namespaces keep a command away from the host; the filter keeps it from what namespaces don't cover:
// what a store cannot hold (set-user-id modes, extended attributes), kernel parts that know no
// namespaces (keys, vsock), and those whose faults get out (io_uring, bpf, userfaultfd, nested
// namespaces). All else is allowed: a list of what is allowed would break builds with each new libc.
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

/// A call that is refused: always, or where its arguments are such.
struct refusal {
    int call;
    int error;
    unsigned conditions;
    struct scmp_arg_cmp arguments[2];
};

/// Some bits of an argument are these.
#define ARE(argument, bits, values) {argument, SCMP_CMP_MASKED_EQ, bits, values}
/// All of some bits are set.
#define HAVE(argument, bits) ARE(argument, bits, bits)
/// The lower 32 bits of a request to a device or a file: the kernel reads no more of them.
#define REQUEST(number, error) {SCMP_SYS(ioctl), error, 1, {ARE(1, UINT32_MAX, (uint32_t)(number))}}
/// A call that takes a mode.
#define MODE(call, argument) \
    {call, EPERM, 1, {HAVE(argument, S_ISUID)}}, {call, EPERM, 1, {HAVE(argument, S_ISGID)}}
/// A call that takes a mode behind flags, if it creates: else the mode is whatever was in the register.
#define CREATION(call, flags, flag) \
    {call, EPERM, 2, {HAVE(flags, flag), HAVE(flags + 1, S_ISUID)}}, \
    {call, EPERM, 2, {HAVE(flags, flag), HAVE(flags + 1, S_ISGID)}}
#define DEVICES(call, argument) \
    {call, EPERM, 1, {ARE(argument, S_IFMT, S_IFCHR)}}, {call, EPERM, 1, {ARE(argument, S_IFMT, S_IFBLK)}}
#define NAMESPACE(flag) \
    {SCMP_SYS(unshare), EPERM, 1, {HAVE(0, flag)}}, {SCMP_SYS(clone), EPERM, 1, {HAVE(0, flag)}}
#define FAMILIES(comparison, family) \
    {SCMP_SYS(socket), EAFNOSUPPORT, 1, {{0, comparison, family, 0}}}, \
    {SCMP_SYS(socketpair), EAFNOSUPPORT, 1, {{0, comparison, family, 0}}}
#define FAMILY(family) FAMILIES(SCMP_CMP_EQ, family)

/// Newer than the libseccomp of Debian 12; these numbers are the same on all architectures.
enum {
    CALL_FCHMODAT2 = 452, CALL_STATMOUNT = 457, CALL_LISTMOUNT = 458, CALL_SETXATTRAT = 463,
    CALL_REMOVEXATTRAT = 466, CALL_OPEN_TREE_ATTR = 467, CALL_FILE_SETATTR = 469,
};

static const struct refusal refusals[] = {
    // Extended attributes: no store object has any. ENOTSUP is what cp, tar and install go on after.
    {SCMP_SYS(setxattr), ENOTSUP}, {SCMP_SYS(lsetxattr), ENOTSUP}, {SCMP_SYS(fsetxattr), ENOTSUP},
    {SCMP_SYS(removexattr), ENOTSUP}, {SCMP_SYS(lremovexattr), ENOTSUP}, {SCMP_SYS(fremovexattr), ENOTSUP},
    {CALL_SETXATTRAT, ENOSYS}, {CALL_REMOVEXATTRAT, ENOSYS}, {CALL_FILE_SETATTR, ENOSYS},
    // Keys belong to users, not to namespaces.
    {SCMP_SYS(keyctl), ENOSYS}, {SCMP_SYS(add_key), ENOSYS}, {SCMP_SYS(request_key), ENOSYS},
    // Large interfaces that builds do without. ENOSYS: programs try something else.
    {SCMP_SYS(bpf), ENOSYS}, {SCMP_SYS(userfaultfd), ENOSYS}, {SCMP_SYS(perf_event_open), ENOSYS},
    {SCMP_SYS(io_uring_setup), ENOSYS}, {SCMP_SYS(io_uring_enter), ENOSYS}, {SCMP_SYS(io_uring_register), ENOSYS},
    {SCMP_SYS(fanotify_init), ENOSYS},
    // What points to its arguments cannot be looked into: libcs fall back to clone, open, which can.
    {SCMP_SYS(clone3), ENOSYS}, {SCMP_SYS(openat2), ENOSYS},
    // Other processes: their memory, their descriptors, their control.
    {SCMP_SYS(ptrace), EPERM}, {SCMP_SYS(process_vm_readv), EPERM}, {SCMP_SYS(process_vm_writev), EPERM},
    {SCMP_SYS(pidfd_getfd), EPERM}, {SCMP_SYS(kcmp), EPERM},
    // Mounts and roots, old interface and new.
    {SCMP_SYS(mount), EPERM}, {SCMP_SYS(umount2), EPERM}, {SCMP_SYS(pivot_root), EPERM}, {SCMP_SYS(chroot), EPERM},
    {SCMP_SYS(open_tree), EPERM}, {SCMP_SYS(move_mount), EPERM}, {SCMP_SYS(fsopen), EPERM},
    {SCMP_SYS(fsconfig), EPERM}, {SCMP_SYS(fsmount), EPERM}, {SCMP_SYS(fspick), EPERM},
    {SCMP_SYS(mount_setattr), EPERM}, {CALL_OPEN_TREE_ATTR, EPERM}, {CALL_STATMOUNT, ENOSYS}, {CALL_LISTMOUNT, ENOSYS},
    {SCMP_SYS(setns), EPERM},
    // Handles open files without a path to them.
    {SCMP_SYS(open_by_handle_at), EPERM}, {SCMP_SYS(name_to_handle_at), ENOTSUP},
    // The machine itself. No capability allows any of it; nor do we.
    {SCMP_SYS(reboot), EPERM}, {SCMP_SYS(kexec_load), EPERM}, {SCMP_SYS(kexec_file_load), EPERM},
    {SCMP_SYS(init_module), EPERM}, {SCMP_SYS(finit_module), EPERM}, {SCMP_SYS(delete_module), EPERM},
    {SCMP_SYS(swapon), EPERM}, {SCMP_SYS(swapoff), EPERM}, {SCMP_SYS(acct), EPERM}, {SCMP_SYS(quotactl), EPERM},
    {SCMP_SYS(quotactl_fd), EPERM}, {SCMP_SYS(settimeofday), EPERM}, {SCMP_SYS(clock_settime), EPERM},
    {SCMP_SYS(syslog), EPERM}, {SCMP_SYS(vhangup), EPERM}, {SCMP_SYS(iopl), EPERM}, {SCMP_SYS(ioperm), EPERM},
    // They put words into the mouth of whoever reads the terminal after the command.
    REQUEST(TIOCSTI, EPERM), REQUEST(0x541C /* TIOCLINUX */, EPERM),
    // Inode flags: immutable, no copy on write, project quotas. No store object has any.
    REQUEST(FS_IOC_SETFLAGS, ENOTTY), REQUEST(FS_IOC_FSSETXATTR, ENOTTY),
    // Set-user-id and set-group-id modes, wherever a call takes a mode.
    MODE(SCMP_SYS(chmod), 1), MODE(SCMP_SYS(fchmod), 1), MODE(SCMP_SYS(fchmodat), 2),
    MODE(CALL_FCHMODAT2, 2), MODE(SCMP_SYS(mkdir), 1), MODE(SCMP_SYS(mkdirat), 2),
    MODE(SCMP_SYS(mknod), 1), MODE(SCMP_SYS(mknodat), 2), MODE(SCMP_SYS(creat), 1),
    CREATION(SCMP_SYS(open), 1, O_CREAT), CREATION(SCMP_SYS(open), 1, O_TMPFILE & ~O_DIRECTORY),
    CREATION(SCMP_SYS(openat), 2, O_CREAT), CREATION(SCMP_SYS(openat), 2, O_TMPFILE & ~O_DIRECTORY),
    // Device nodes. The kernel refuses them too, in a user namespace; files and pipes stay allowed.
    DEVICES(SCMP_SYS(mknod), 1), DEVICES(SCMP_SYS(mknodat), 2),
    // Namespaces within: each opens parts of the kernel to people without rights.
    NAMESPACE(CLONE_NEWUSER), NAMESPACE(CLONE_NEWNS), NAMESPACE(CLONE_NEWPID), NAMESPACE(CLONE_NEWNET),
    NAMESPACE(CLONE_NEWIPC), NAMESPACE(CLONE_NEWUTS), NAMESPACE(CLONE_NEWCGROUP),
    // CLONE_NEWTIME, which clone takes for a signal number.
    {SCMP_SYS(unshare), EPERM, 1, {HAVE(0, 0x80)}},
    // Sockets other than local (1), IPv4 (2), IPv6 (10) and netlink (16). Not all families know network namespaces:
    // vsock reaches the machine's own host.
    FAMILY(0), FAMILY(3), FAMILY(4), FAMILY(5), FAMILY(6), FAMILY(7), FAMILY(8), FAMILY(9), FAMILY(11),
    FAMILY(12), FAMILY(13), FAMILY(14), FAMILY(15), FAMILIES(SCMP_CMP_GT, AF_NETLINK),
};

static int add_rules(scmp_filter_ctx filter) {
    // Other architectures' calls (32 bits, x32) would need tables of their own: refused as unknown.
    int result = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    // A search tree: most calls are decided in a handful of instructions rather than a hundred.
    if (result == 0) result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (size_t index = 0; index < sizeof refusals / sizeof *refusals && result == 0; index++)
        result = seccomp_rule_add_array(
            filter, SCMP_ACT_ERRNO(refusals[index].error), refusals[index].call,
            refusals[index].conditions, refusals[index].arguments);
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
