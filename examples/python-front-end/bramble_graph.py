"""Bramble's derivation format, version 1, in Python: enough of it to write graphs.

The format is specified in docs/derivation-format.md. A derivation is a dict without anything that
says nothing; its hash is of its canonical JSON; others refer to it by a text with the hash in it.
"""

import base64
import hashlib
import json


def canonical(value):
    """The one text of a value: sorted keys, no white space, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


class Graph:
    """Derivations by their hashes, and those that are wanted."""

    def __init__(self):
        self.derivations = {}
        self.roots = set()

    def add(self, name, builder, args=(), env=None, outputs=("out",), platform=None, sources=None,
            links=None):
        """Adds a derivation and returns it."""
        fields = {
            "name": name,
            "builder": str(builder),
            "args": [str(arg) for arg in args],
            "env": {key: str(value) for key, value in (env or {}).items()},
            "outputs": list(outputs) if list(outputs) != ["out"] else [],
            "platform": platform,
            "sources": sources,
            "links": {path: str(target) for path, target in (links or {}).items()},
        }
        derivation = Derivation({key: value for key, value in fields.items() if value})
        self.derivations[derivation.hash] = derivation.fields
        return derivation

    def want(self, derivation):
        """Makes a derivation one of those to build."""
        self.roots.add(derivation.hash)

    def json(self):
        """The text that Bramble takes."""
        graph = {
            "schema": "bramble/derivation-graph/1",
            "derivations": self.derivations,
            "roots": sorted(self.roots),
        }
        return canonical({key: value for key, value in graph.items() if value})


class Derivation:
    """A recipe; as a text, the reference to its first output."""

    def __init__(self, fields):
        self.fields = fields
        content = b"bramble/derivation/1\n" + canonical(fields)
        digest = hashlib.sha256(content).digest()
        self.hash = base64.b32encode(digest[:20]).decode().lower()

    def output(self, name):
        """The reference to an output."""
        return "{{ %s:%s }}" % (self.hash, name)

    def __str__(self):
        return self.output(self.fields.get("outputs", ["out"])[0])
