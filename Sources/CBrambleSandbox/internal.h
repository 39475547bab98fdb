// What the files of this target share. Every function here runs after the clone of a sandbox.
#ifndef BRAMBLE_SANDBOX_INTERNAL_H
#define BRAMBLE_SANDBOX_INTERNAL_H

#include "include/CBrambleSandbox.h"

/// A failure on its way to the record; the errno is read where it is recorded.
struct bramble_failure {
    enum bramble_stage stage;
    int index;
};

#define BRAMBLE_SUCCESS ((struct bramble_failure){BRAMBLE_STAGE_NONE, 0})
#define BRAMBLE_FAILURE(stage) ((struct bramble_failure){stage, 0})

/// The descriptors that come with a command: its own three, and the pipe that takes the record.
enum { BRAMBLE_REQUEST_DESCRIPTORS = 4 };

/// All of pid 1's life. `parent` is a pidfd of the launcher.
_Noreturn void bramble_run_init(
    const struct bramble_sandbox_command *command,
    const int descriptors[BRAMBLE_REQUEST_DESCRIPTORS], int parent);

/// The same where the command is not known yet: it comes through `channel` when what is common to commands
/// is done.
_Noreturn void bramble_run_spare(
    const struct bramble_sandbox_command *common, int channel, int parent);

/// Makes what the steps say, beside the host's files.
struct bramble_failure bramble_begin_root(const struct bramble_sandbox_command *command);

/// Does the steps behind the first `done`, and moves into the root; the host's is gone afterwards.
struct bramble_failure bramble_finish_root(const struct bramble_sandbox_command *command, size_t done);

/// Turns the calling process into the command. Returns only if that failed.
struct bramble_failure bramble_become_command(const struct bramble_sandbox_command *command);

/// Writes a short text to a file that exists, or with `O_CREAT` to a new one. Returns 0, or -1 with `errno` set.
int bramble_write_text(const char *path, const char *text, int flags, mode_t mode);

/// Closes a descriptor, unless it is -1, and returns `result` with the `errno` of before.
int bramble_closing(int file, int result);

/// Receives one message; what came of the `count` descriptors is in their place, -1 for the others.
ssize_t bramble_receive(int channel, void *data, size_t size, int *descriptors, size_t count);

#endif
