"""Run one command and write down what it used: the small process between `run` and an engine.

    python3 -I -S launch.py RESULT OUTPUT CPU_LIMIT COMMAND...

OUTPUT receives both streams of the command, RESULT one line: wait status, user and system seconds,
peak resident kilobytes. A command that uses more than CPU_LIMIT seconds is killed.

It is a process of its own because Linux counts the memory of whoever forked as the child's first
peak: this one, without site packages and with few imports, weighs 5 MB, `run` itself twice that.
"""

import os
import resource
import sys


def main():
    result, output, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
    command = sys.argv[4:]
    child = os.fork()
    if child == 0:
        become(command, output, limit)
    _, status, usage = os.wait4(child, 0)
    with open(result, "w") as file:
        file.write("%d %f %f %d\n" % (status, usage.ru_utime, usage.ru_stime, usage.ru_maxrss))


def become(command, output, limit):
    """Replaces this process by the command; never returns."""
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, ("cannot start `%s`: %s\n" % (command[0], error)).encode())
    os._exit(127)


main()
