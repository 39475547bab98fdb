"""Times of commands, and the table that comes of them."""

import os
import statistics
import subprocess
import sys
import time


class Measure:
    """Wall and CPU time in milliseconds, peak memory in megabytes; CPU and memory None where they are not known."""

    def __init__(self, wall, cpu=None, memory=None):
        self.wall, self.cpu, self.memory = wall, cpu, memory

    @staticmethod
    def median(measures):
        """Of several runs of one job; the peak of the memory."""
        return Measure(
            statistics.median(measure.wall for measure in measures), statistics.median(measure.cpu for measure in measures),
            max(measure.memory for measure in measures))

    def per(self, count):
        return Measure(self.wall / count, self.cpu and self.cpu / count, self.memory)


def measure(command, folder, environment, repeat=1, server=None):
    """The medians of several runs of a command.

    Args:
        server: returns the CPU milliseconds and peak megabytes so far of the process that does the work for the command.
    """
    runs = []
    for _ in range(repeat):
        before = server()[0] if server else 0
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = (time.monotonic() - start) * 1000
        if status != 0:
            raise RuntimeError(f"{' '.join(command)}: status {status}\n{messages.decode()[-2000:]}")
        cpu, memory = (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024
        if server:
            after, peak = server()
            cpu += after - before
            memory = max(memory, peak)
        runs.append(Measure(wall, cpu, memory))
    return Measure.median(runs)


def process_usage(pid):
    """CPU milliseconds of a process and of its children that have ended, and its peak memory in megabytes (man 5 proc)."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    ticks = sum(int(field) for field in fields[11:15])
    with open(f"/proc/{pid}/status") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    return ticks * 1000 / os.sysconf("SC_CLK_TCK"), peak / 1024


class Table:
    """What was measured: rows of jobs, columns of builders, the first of which is ours."""

    def __init__(self, builders):
        self.builders = builders
        self.rows = []

    def add(self, label, measures):
        """Takes a row, and prints it as a line.

        Args:
            measures: by the name of the builder; None for those that cannot do this.
        """
        self.rows.append((label, measures))
        parts = [
            f"{name} {measure.wall:.2f} ms"
            for name, measure in measures.items() if measure is not None]
        print(f"{label}: {', '.join(parts)}", file=sys.stderr, flush=True)

    def markdown(self):
        """The table: wall time, and what it is of ours; then CPU time and memory."""
        lines = ["| ms of wall time | " + " | ".join(self.builders) + " |"]
        lines.append("|---|" + "---|" * len(self.builders))
        for label, measures in self.rows:
            ours = measures[self.builders[0]]
            cells = []
            for name in self.builders:
                measure = measures.get(name)
                if measure is None:
                    cells.append("")
                elif name == self.builders[0]:
                    cells.append(f"**{measure.wall:.3g}**")
                else:
                    cells.append(f"{measure.wall:.3g} ({measure.wall / ours.wall:.2g} ×)")
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
        lines += ["", "| ms of CPU time, MB of memory | " + " | ".join(self.builders) + " |"]
        lines.append("|---|" + "---|" * len(self.builders))
        for label, measures in self.rows:
            cells = []
            for name in self.builders:
                measure = measures.get(name)
                known = measure is not None and measure.cpu is not None
                cells.append(f"{measure.cpu:.3g}, {measure.memory:.0f}" if known else "")
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
        return "\n".join(lines)
