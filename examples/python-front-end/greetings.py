#!/usr/bin/env python3
"""Writes the graph of some greetings, in the languages named: the same as default.bramble does.

    ./greetings.py en fr | bramble graph --graph -
"""

import sys

from bramble_graph import Graph

WORDS = {"en": "hello", "fr": "bonjour", "nl": "hallo"}


def graph(languages):
    """A graph whose one root has all greetings in one file."""
    graph = Graph()
    busybox = graph.add(
        "busybox", "fetch_url", env={"url": "file:///usr/bin/busybox", "executable": "true"})
    shell = "%s/busybox" % busybox
    greetings = [
        graph.add(
            "greeting-" + language, shell,
            args=[
                "sh", "-euc",
                'echo "$WORD" > "$out/text"; "$busybox" wc -c < "$out/text" > "$size/bytes"; '
                'echo "wrote $WORD"'],
            env={"WORD": WORDS[language], "busybox": shell},
            outputs=["out", "size"],
            platform="linux-x86_64")
        for language in languages
    ]
    everything = graph.add(
        "greetings", shell,
        args=["sh", "-euc", '"$busybox" cat title.txt "$@" > "$out/greetings.txt"', "sh"]
        + ["%s/text" % greeting for greeting in greetings],
        env={
            "SIZES": " ".join(greeting.output("size") for greeting in greetings),
            "busybox": shell},
        platform="linux-x86_64",
        sources={"paths": ["title.txt"]})
    graph.want(everything)
    return graph


def main(languages):
    sys.stdout.buffer.write(graph(languages or sorted(WORDS)).json() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
