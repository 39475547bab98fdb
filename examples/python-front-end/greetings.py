#!/usr/bin/env python3
"""Writes the graph of some greetings, in the languages named: the same as default.bramble does.

    ./greetings.py en fr | bramble graph --graph -
"""

import sys

from bramble_graph import Graph

WORDS = {"en": "hello", "fr": "bonjour", "nl": "hallo"}


def main(languages):
    graph = Graph()
    busybox = graph.add(
        "busybox", "fetch_url",
        env={"url": "https://example.org/busybox-1.36.1", "executable": "true"})
    greetings = [
        graph.add(
            "greeting-" + language, busybox,
            args=["sh", "-c", 'echo "$WORD" > "$out"; echo "$WORD" | wc -c > "$size"'],
            env={"WORD": WORDS[language]},
            outputs=["out", "size"],
            platform="linux-x86_64",
            links={"/bin/sh": busybox})
        for language in languages
    ]
    everything = graph.add(
        "greetings", busybox,
        args=["sh", "-c", 'cat "$@" > "$out"', "sh"] + greetings,
        env={"SIZES": " ".join(greeting.output("size") for greeting in greetings)},
        platform="linux-x86_64",
        sources={"paths": ["title.txt"]})
    graph.want(everything)
    sys.stdout.buffer.write(graph.json() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:] or sorted(WORDS))
