"""The table, the means and the list of missed targets."""

import math
import statistics

# What our command must reach. Ratios are ours divided by the peer's, of CPU time unless said.
GEOMETRIC_MEAN = {"go": 0.14, "rust": 0.5}
SINGLE_PROGRAM = 1.0
PARSE_GO = 0.5
EMPTY_SECONDS = 0.005
MEMORY_GO = 1.0
# Below this, a difference to the empty file is noise and not a time.
SHORTEST_SECONDS = 0.0005

ENGINES = ("ours", "go", "rust")
PEERS = ("go", "rust")
HEADINGS = ("program", "ours s", "go s", "rust s", "ours/go", "ours/rust",
            "ours MB", "go MB", "rust MB", "RSS ours/go")


class Report:
    """Everything that was measured: `empty`, `parse` and the programs, each by engine name."""

    def __init__(self, programs, empty, parse):
        self.programs = programs
        self.empty = empty
        self.parse = parse

    def cpu(self, series, name):
        """CPU seconds on one engine less those of the empty file, or None."""
        if name not in series or not series[name].usable:
            return None
        start_up = self.empty[name].cpu if self.usable_empty(name) else 0
        return max(series[name].cpu - start_up, SHORTEST_SECONDS)

    def usable_empty(self, name):
        return name in self.empty and self.empty[name].usable

    def ratio(self, series, name, base):
        """CPU of one engine over another's; None unless both finished and printed the same."""
        above, below = self.cpu(series, name), self.cpu(series, base)
        if above is None or below is None or series[name].outputs != series[base].outputs:
            return None
        return above / below

    def ratios(self, name, base):
        """The ratios of two engines, by program, where both have finished."""
        found = {program: self.ratio(series, name, base)
                 for program, series in self.programs.items()}
        return {program: ratio for program, ratio in found.items() if ratio is not None}

    def lines(self):
        yield from self.table()
        yield ""
        yield from self.means()
        yield from self.parse_lines()
        yield from self.empty_lines()
        yield from titled("Runs that failed:", self.failures())
        yield from titled("Outputs that differ:", self.differences())
        if any("ours" in series for series in self.everything().values()):
            yield from titled("Targets missed:", self.missed()) or ["", "All targets reached."]

    def table(self):
        rows = [HEADINGS] + [self.row(name, series) for name, series in self.programs.items()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        for row in rows:
            cells = [cell.rjust(width) for cell, width in zip(row, widths)]
            yield "  ".join([row[0].ljust(widths[0])] + cells[1:])

    def row(self, program, series):
        times = [self.time(series, name) for name in ENGINES]
        ratios = [number(self.ratio(series, "ours", peer), "%.2f") for peer in PEERS]
        peaks = [number(peak(series, name), "%.0f") for name in ENGINES]
        return (program, *times, *ratios, *peaks, number(memory_ratio(series), "%.2f"))

    def time(self, series, name):
        """CPU seconds, or after how many a run that was stopped had to be."""
        if name in series and series[name].stopped_after is not None:
            return ">%.0f" % series[name].stopped_after
        return number(self.cpu(series, name), "%.3f")

    def means(self):
        for name, base in (("ours", "go"), ("ours", "rust"), ("rust", "go")):
            ratios = list(self.ratios(name, base).values())
            if ratios:
                yield "%-10s geometric mean %.3f, median %.3f, of %d programs" % (
                    name + "/" + base, geometric_mean(ratios), statistics.median(ratios),
                    len(ratios))

    def parse_lines(self):
        if self.parse:
            ratio = self.ratio(self.parse, "ours", "go")
            yield "parse      %s; ours/go %s; RSS ours/go %s" % (
                self.listing(self.parse, lambda s, n: "%.3f s" % self.cpu(s, n)),
                number(ratio, "%.2f"), number(memory_ratio(self.parse), "%.2f"))

    def empty_lines(self):
        if self.empty:
            yield "empty file %s" % self.listing(
                self.empty,
                lambda s, n: "%.1f ms, %.0f MB" % (s[n].cpu * 1000, s[n].peak_megabytes))

    def listing(self, series, text):
        return "; ".join("%s %s" % (name, text(series, name))
                         for name in ENGINES if name in series and series[name].usable)

    def everything(self):
        return {**self.programs, "(parse)": self.parse, "(empty file)": self.empty}

    def failures(self):
        return ["%s on %s: %s" % (program, name, runs.failure)
                for program, series in self.everything().items()
                for name, runs in series.items() if runs.failure]

    def differences(self):
        return [line for program, series in self.programs.items()
                for line in differing(program, series)]

    def missed(self):
        """The targets our command misses, a line each."""
        return list(self.missed_means()) + list(self.missed_programs()) + list(self.missed_rest())

    def missed_means(self):
        for peer in PEERS:
            ratios = list(self.ratios("ours", peer).values())
            if ratios and geometric_mean(ratios) > GEOMETRIC_MEAN[peer]:
                yield "geometric mean ours/%s %.3f, at most %.2f" % (
                    peer, geometric_mean(ratios), GEOMETRIC_MEAN[peer])

    def missed_programs(self):
        for program, series in self.programs.items():
            if "ours" in series and not series["ours"].usable:
                yield "%s: ours failed" % program
            elif "ours" in series and any(differing(program, series)):
                yield "%s: outputs differ" % program
            for peer in PEERS:
                ratio = self.ratio(series, "ours", peer)
                if ratio is not None and ratio > SINGLE_PROGRAM:
                    yield "%s: ours/%s %.2f, at most %.2f" % (program, peer, ratio, SINGLE_PROGRAM)
            memory = memory_ratio(series)
            if memory is not None and memory > MEMORY_GO:
                yield "%s: RSS ours/go %.2f, at most %.2f" % (program, memory, MEMORY_GO)

    def missed_rest(self):
        for name, series in (("parse", self.parse), ("empty file", self.empty)):
            if "ours" in series and not series["ours"].usable:
                yield "%s: ours failed" % name
        ratio = self.ratio(self.parse, "ours", "go")
        if ratio is not None and ratio > PARSE_GO:
            yield "parse: ours/go %.2f, at most %.2f" % (ratio, PARSE_GO)
        memory = memory_ratio(self.parse)
        if memory is not None and memory > MEMORY_GO:
            yield "parse: RSS ours/go %.2f, at most %.2f" % (memory, MEMORY_GO)
        if self.usable_empty("ours") and self.empty["ours"].cpu > EMPTY_SECONDS:
            yield "empty file: %.1f ms, at most %.1f ms" % (
                self.empty["ours"].cpu * 1000, EMPTY_SECONDS * 1000)

    def as_json(self):
        return {program: {name: {"cpu_seconds": [run.cpu for run in runs.runs],
                                 "peak_kilobytes": [run.peak_kilobytes for run in runs.runs],
                                 "cpu_seconds_above_empty": self.cpu(series, name)
                                 if series is not self.empty else None,
                                 "failure": runs.failure}
                          for name, runs in series.items()}
                for program, series in self.everything().items()}


def geometric_mean(ratios):
    return math.exp(sum(math.log(ratio) for ratio in ratios) / len(ratios))


def number(value, form):
    return "-" if value is None else form % value


def peak(series, name):
    return series[name].peak_megabytes if name in series and series[name].usable else None


def memory_ratio(series):
    above, below = peak(series, "ours"), peak(series, "go")
    return None if above is None or below is None else above / below


def differing(program, series):
    """Says which engines print something else than others, or than themselves a moment ago."""
    usable = {name: runs for name, runs in series.items() if runs.usable}
    for name, runs in usable.items():
        if len(runs.outputs) > 1:
            yield "%s: %s prints something else each time" % (program, name)
    if len(set().union(*(runs.outputs for runs in usable.values()))) > 1:
        yield "%s: %s" % (program, "; ".join(
            "%s prints `%s`" % (name, runs.runs[0].output[-120:])
            for name, runs in usable.items()))


def titled(title, lines):
    return ["", title] + ["  " + line for line in lines] if lines else []
