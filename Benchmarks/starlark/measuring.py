"""Measurements: one run of a command, and the runs of one program on one engine."""

import os
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

LAUNCHER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launch.py")


@dataclass(frozen=True)
class Run:
    """One run: CPU seconds (user and system), peak memory, and what was printed."""

    status: int
    cpu: float
    peak_kilobytes: int
    output: str

    @property
    def stopped(self):
        """Whether the kernel ended the run, which it does at the CPU limit."""
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) in (
            signal.SIGKILL, signal.SIGXCPU)

    @property
    def failure(self):
        """Why the run does not count, in a few words, or None."""
        if self.stopped:
            return "stopped after %.0f s of CPU time" % self.cpu
        if os.WIFSIGNALED(self.status):
            return "signal %d" % os.WTERMSIG(self.status)
        code = os.WEXITSTATUS(self.status)
        if code == 0:
            return None
        lines = self.output.strip().splitlines()
        return "exit code %d: %s" % (code, lines[-1] if lines else "(no output)")


@dataclass
class Series:
    """The runs of one program on one engine."""

    runs: list = field(default_factory=list)

    @property
    def failure(self):
        return next((run.failure for run in self.runs if run.failure), None)

    @property
    def stopped_after(self):
        """The CPU seconds of a run that was stopped, or None."""
        return next((run.cpu for run in self.runs if run.stopped), None)

    @property
    def usable(self):
        return bool(self.runs) and self.failure is None

    @property
    def cpu(self):
        return statistics.median(run.cpu for run in self.runs)

    @property
    def peak_megabytes(self):
        return statistics.median(run.peak_kilobytes for run in self.runs) / 1024

    @property
    def outputs(self):
        return {run.output for run in self.runs}


def measure(command, scratch, cpu_limit):
    """Runs a command once, under the CPU limit in seconds."""
    result = os.path.join(scratch, "result")
    output = os.path.join(scratch, "output")
    launch = [sys.executable, "-I", "-S", LAUNCHER, result, output, str(cpu_limit)]
    subprocess.run(launch + command, check=True)
    with open(result, encoding="utf-8") as file:
        status, user, system, peak = file.read().split()
    with open(output, encoding="utf-8", errors="replace") as file:
        text = file.read().strip()
    return Run(int(status), float(user) + float(system), int(peak), text)


def interleave(commands, rounds, scratch, cpu_limit):
    """Runs the commands, given by engine name, in turns; one that fails gets no further turn."""
    series = {name: Series() for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            if series[name].failure is None:
                series[name].runs.append(measure(command, scratch, cpu_limit))
    return series
