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

/// All of pid 1's life. `status` takes the record, `parent` is a pidfd of the launcher.
_Noreturn void bramble_run_init(
    const struct bramble_sandbox_command *command, const int standard[3], int status, int parent);

/// Makes the sandbox's root out of the steps and moves into it; the host's is gone afterwards.
struct bramble_failure bramble_enter_root(const struct bramble_sandbox_command *command);

/// Turns the calling process into the command. Returns only if that failed.
struct bramble_failure bramble_become_command(const struct bramble_sandbox_command *command);

/// Writes a short text to a file that exists. Returns 0, or -1 with `errno` set.
int bramble_write_text(const char *path, const char *text);

#endif
