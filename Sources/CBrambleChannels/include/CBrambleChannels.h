#ifndef CBRAMBLE_CHANNELS_H
#define CBRAMBLE_CHANNELS_H

/// Makes a pipe (reading end, writing end) or a pseudo terminal of 80 columns (our end, the command's), closed by
/// `exec`. Returns 0, or -1 with `errno` set.
int bramble_make_pipe(int ends[2]);
int bramble_make_terminal(int ends[2]);

#endif
