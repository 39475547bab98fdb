/// Everything that runs between `clone` and `exec` of a sandboxed command (docs/sandbox.md).
///
/// The caller prepares a complete, flat description: no field is computed after the clone, nothing
/// is allocated, no lock is taken. So it is safe to launch from a process with many threads.
#ifndef C_BRAMBLE_SANDBOX_H
#define C_BRAMBLE_SANDBOX_H

#include <fts.h>
#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/// What one step does to the root that is being made. `target` is always relative to that root.
enum bramble_step_kind {
    /// Makes a directory of the given mode.
    BRAMBLE_STEP_DIRECTORY,
    /// Makes a file of the given mode; `source` is what is in it.
    BRAMBLE_STEP_FILE,
    /// Makes a symbolic link; `source` is where it points.
    BRAMBLE_STEP_LINK,
    /// Mounts the host's `source`, file or directory, read-only on `target`.
    BRAMBLE_STEP_BIND_READ_ONLY,
    /// Mounts the host's `source` on `target` so that it can be written to.
    BRAMBLE_STEP_BIND_WRITABLE,
    /// Mounts the host's device `source` on `target`: usable, but its inode cannot be changed.
    BRAMBLE_STEP_BIND_DEVICE,
    /// Makes a directory of the root that was made before stay writable.
    BRAMBLE_STEP_SCRATCH,
    /// Mounts the process file system of the new pid namespace, read-only.
    BRAMBLE_STEP_PROC,
    /// Mounts a new instance of the terminals' file system.
    BRAMBLE_STEP_TERMINALS,
    /// Covers what exists at `target` by something empty.
    BRAMBLE_STEP_HIDE,
    /// Mounts an overlay file system; `source` is its options.
    BRAMBLE_STEP_OVERLAY,
};

struct bramble_sandbox_step {
    enum bramble_step_kind kind;
    mode_t mode;
    const char *target;
    const char *source;
};

/// A resource limit. Where the caller may not have as much, it is what the caller has.
struct bramble_sandbox_limit {
    int resource;
    uint64_t soft;
    uint64_t hard;
};

/// A command and its world.
struct bramble_sandbox_command {
    /// Absolute, inside the sandbox.
    const char *program;
    /// With the program's name in front; ends with a null pointer, as does the environment.
    char *const *arguments;
    char *const *environment;
    /// Absolute, inside the sandbox.
    const char *directory;
    const struct bramble_sandbox_step *steps;
    size_t step_count;
    /// A command with the same user, network, host name and root, whose steps are the first ones of this one; or
    /// null. It is never changed: the launcher does what it says before it is asked to.
    const struct bramble_sandbox_command *common;
    const struct bramble_sandbox_limit *limits;
    size_t limit_count;
    /// A folder of the host that is the root and can be written to; null for a temporary file system.
    const char *root;
    /// Options of the temporary file system that is the root: its size, its number of inodes.
    const char *root_options;
    /// Lines for `/proc/self/uid_map` and `gid_map`: inside, outside, 1.
    const char *user_map;
    const char *group_map;
    const char *host_name;
    /// Text for `kernel.pid_max` of the new pid namespace, or null. Linux 6.14 and later only: before,
    /// the setting is the whole machine's.
    const char *highest_process;
    const struct sock_filter *filter;
    unsigned short filter_length;
    /// How many process numbers to use up before the command gets its own.
    int skipped_processes;
    /// How many processors the command may use; 0 for all that the caller may.
    int processors;
    /// Whether the host's network namespace is used rather than an empty one.
    int shares_network;
    /// Whether `input` is a terminal that is to control the command's session.
    int controls_terminal;
    int input;
    int output;
    int error;
};

/// Where a launch failed.
enum bramble_stage {
    BRAMBLE_STAGE_NONE,
    BRAMBLE_STAGE_LAUNCHER,
    BRAMBLE_STAGE_CLONE,
    BRAMBLE_STAGE_DESCRIPTORS,
    BRAMBLE_STAGE_PARENT,
    BRAMBLE_STAGE_USER_MAP,
    BRAMBLE_STAGE_LOOPBACK,
    BRAMBLE_STAGE_HOST_NAME,
    BRAMBLE_STAGE_PRIVATE_MOUNTS,
    BRAMBLE_STAGE_ROOT,
    BRAMBLE_STAGE_STEP,
    BRAMBLE_STAGE_PROCESS_LIMIT,
    BRAMBLE_STAGE_PIVOT,
    BRAMBLE_STAGE_FORK,
    BRAMBLE_STAGE_SESSION,
    BRAMBLE_STAGE_LIMITS,
    BRAMBLE_STAGE_VARIATION,
    BRAMBLE_STAGE_DIRECTORY,
    BRAMBLE_STAGE_CAPABILITIES,
    BRAMBLE_STAGE_SECCOMP,
    BRAMBLE_STAGE_EXEC,
};

/// What pid 1 of the sandbox has to say, once: that the launch failed, or how the command ended.
struct bramble_sandbox_record {
    /// Where the launch failed; `BRAMBLE_STAGE_NONE` if it didn't.
    int32_t stage;
    /// Which step of the command's failed, at `BRAMBLE_STAGE_STEP`; which limit, at `BRAMBLE_STAGE_LIMITS`.
    int32_t index;
    /// The errno of the failure.
    int32_t error;
    /// The command's status as `wait` gives it, if the launch didn't fail.
    int32_t status;
    /// What the command and all children that it waited for have used.
    struct rusage usage;
};

/// A process that was forked off while the caller was small, and clones sandboxes from then on: cloning copies page
/// tables, of which a caller at work has many. It dies with the caller, and all sandboxes with it.
struct bramble_launcher {
    pid_t pid;
    /// The caller's end of the channel to it. Its end ends the launcher.
    int channel;
    /// Memory that both see at the same address, for commands and all they point to.
    void *memory;
};

/// Starts a launcher. Returns 0, or -1 with `errno` set.
int bramble_launcher_start(struct bramble_launcher *launcher, size_t memory_size);

/// Starts a command, which must be in the launcher's memory and stay there until the sandbox has ended. One
/// thread at a time.
///
/// `status` is the pipe that pid 1 writes one record to; if it ends without one, pid 1 was killed. `pidfd` becomes
/// a descriptor of pid 1, owned by the caller: killing that kills everything in the sandbox, and when it polls
/// readable, nothing of the sandbox runs any more. Returns `BRAMBLE_STAGE_NONE`, or where it failed with
/// `errno` set; later failures are in the record.
enum bramble_stage bramble_launcher_launch(
    int channel, const struct bramble_sandbox_command *command, int status, int *pidfd);

/// Has the launcher prepare a sandbox before anybody asks for one. `common` is what commands will have as theirs, and has itself
/// as its own. Returns 0, or -1 with `errno` set.
int bramble_launcher_prepare(int channel, const struct bramble_sandbox_command *common);

/// Kills pid 1 of a sandbox, and so all of it. Returns 0, or -1 with `errno` set.
int bramble_sandbox_kill(int pidfd);

/// Compiles the filter of system calls. Returns the number of instructions written, 0 with `errno` set if
/// it could not be made or has more than `capacity`.
unsigned short bramble_sandbox_filter(struct sock_filter *filter, size_t capacity);

#endif
