// The file system that a sandbox sees: one temporary file system with mounts in it.
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Where the new root hangs until it is the root: a directory that every usable host has, and that no
/// bind has reason to come from. All targets are relative to the working directory, which is there.
static const char attachment[] = "/proc";

/// Opens what is at a target; never through a symbolic link, as part of the way may be writable by
/// others (a grant within a grant).
static int open_target(const char *target) {
    struct open_how how = {
        .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH};
    return (int)syscall(SYS_openat2, AT_FDCWD, target, &how, sizeof how);
}

/// Mounts a copy of the mounts at `source` on `target`, with attributes added in between: there is no moment
/// at which it is visible without them.
static int bind(const char *source, const char *target, uint64_t attributes) {
    int tree = open_tree(AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0) return -1;
    struct mount_attr change = {.attr_set = attributes};
    int result = mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &change, sizeof change);
    int place = result < 0 ? -1 : open_target(target);
    const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
    result = place < 0 ? -1 : move_mount(tree, "", place, "", flags);
    return bramble_closing(place, bramble_closing(tree, result));
}

/// Hangs up a folder of the host as the root that is to be.
static int attach_root(const char *folder) {
    int tree = open_tree(AT_FDCWD, folder, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (tree < 0) return -1;
    struct mount_attr change = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
    int result = mount_setattr(tree, "", AT_EMPTY_PATH, &change, sizeof change);
    if (result == 0) result = move_mount(tree, "", AT_FDCWD, attachment, MOVE_MOUNT_F_EMPTY_PATH);
    return bramble_closing(tree, result);
}

/// Covers a directory by an empty one that nobody may enter, anything else by the null device.
static int hide(const char *target) {
    int place = open_target(target);
    // What is not there is hidden already.
    if (place < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
    struct stat status;
    int result = fstat(place, &status);
    if (result == 0 && S_ISDIR(status.st_mode)) {
        // There is no call that mounts on a descriptor, but the working directory is one.
        result = fchdir(place);
        if (result == 0)
            result = mount(
                "hidden", ".", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                "mode=0000,nr_inodes=1,nr_blocks=1");
        if (result == 0) result = chdir(attachment);
    } else if (result == 0) {
        result = bind("dev/null", target, MOUNT_ATTR_RDONLY);
    }
    return bramble_closing(place, result);
}

/// Mounts `/proc` of the new pid namespace, or changes that mount. Only what may be traced is shown: not pid 1, whose
/// arguments are the host's.
static int mount_processes(const char *target, unsigned long flags) {
    return mount("proc", target, "proc", flags | MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=4");
}

/// Does one step.
static int perform(const struct bramble_sandbox_step *step) {
    // Set-user-id programs of the host must not help, and devices come by name only.
    const uint64_t tame = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    switch (step->kind) {
    case BRAMBLE_STEP_DIRECTORY:
        return mkdir(step->target, step->mode);
    case BRAMBLE_STEP_FILE:
        return bramble_write_text(
            step->target, step->source, O_CREAT | O_EXCL | O_NOFOLLOW, step->mode);
    case BRAMBLE_STEP_LINK:
        return symlink(step->source, step->target);
    case BRAMBLE_STEP_BIND_READ_ONLY:
        return bind(step->source, step->target, tame | MOUNT_ATTR_RDONLY);
    case BRAMBLE_STEP_BIND_WRITABLE:
        return bind(step->source, step->target, tame);
    case BRAMBLE_STEP_BIND_DEVICE:
        // Read-only forbids changes of the inode, not writing to the device. It matters to root, who
        // owns the host's `/dev/null`.
        return bind(step->source, step->target, MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY);
    case BRAMBLE_STEP_SCRATCH:
        // On itself: a mount of its own does not become read-only with the root, and is cheaper than a
        // second file system.
        return bind(step->target, step->target, tame);
    case BRAMBLE_STEP_PROC:
        return mount_processes(step->target, 0);
    case BRAMBLE_STEP_TERMINALS:
        return mount(
            "devpts", step->target, "devpts", MS_NOSUID | MS_NOEXEC,
            "newinstance,ptmxmode=0666,mode=0620");
    case BRAMBLE_STEP_HIDE:
        return hide(step->target);
    case BRAMBLE_STEP_OVERLAY:
        return mount("overlay", step->target, "overlay", MS_NOSUID | MS_NODEV, step->source);
    }
    errno = EINVAL;
    return -1;
}

/// Does the steps from one number on.
static struct bramble_failure perform_steps(const struct bramble_sandbox_command *command, size_t first) {
    for (size_t index = first; index < command->step_count; index++)
        if (perform(&command->steps[index]) < 0)
            return (struct bramble_failure){BRAMBLE_STAGE_STEP, (int)index};
    return BRAMBLE_SUCCESS;
}

struct bramble_failure bramble_begin_root(const struct bramble_sandbox_command *command) {
    // Modes are what the steps say.
    umask(0);
    // Nothing that happens to mounts in here or on the host is to be seen on the other side.
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_PRIVATE_MOUNTS);
    int attached =
        command->root
            ? attach_root(command->root)
            : mount("bramble", attachment, "tmpfs", MS_NOSUID | MS_NODEV, command->root_options);
    if (attached < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_ROOT);
    if (chdir(attachment) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_ROOT);
    return perform_steps(command, 0);
}

struct bramble_failure bramble_finish_root(const struct bramble_sandbox_command *command, size_t done) {
    struct bramble_failure failure = perform_steps(command, done);
    if (failure.stage != BRAMBLE_STAGE_NONE) return failure;
    // `RLIMIT_NPROC` never holds for the host's root; this setting belongs to the pid namespace.
    if (command->highest_process &&
        bramble_write_text("proc/sys/kernel/pid_max", command->highest_process, 0, 0) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_PROCESS_LIMIT);
    // A build by root would own /proc/sys.
    if (mount_processes("proc", MS_REMOUNT | MS_RDONLY) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_PIVOT);
    // The old root ends up on top of the new one, at the same place, and is taken away from there
    // (pivot_root(2), "pivot_root(".", ".")").
    if (syscall(SYS_pivot_root, ".", ".") < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_PIVOT);
    if (umount2(".", MNT_DETACH) < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_PIVOT);
    if (chdir("/") < 0) return BRAMBLE_FAILURE(BRAMBLE_STAGE_PIVOT);
    // A folder that is the root is there to be written to.
    if (command->root) return BRAMBLE_SUCCESS;
    // Last: only what has a mount of its own stays writable.
    struct mount_attr change = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(AT_FDCWD, "/", 0, &change, sizeof change) < 0)
        return BRAMBLE_FAILURE(BRAMBLE_STAGE_PIVOT);
    return BRAMBLE_SUCCESS;
}
