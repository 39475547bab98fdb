#!/usr/bin/env python3
"""Computes again the hashes in the golden files and in docs/derivation-format.md.

It shares nothing with the Swift code, so both are wrong only if both read the format in the same
wrong way. Ends with status 1 and a line for each difference.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parent.parent / "docs" / "derivation-format.md"

failures = []


def short_hash(domain, content):
    digest = hashlib.sha256(domain.encode() + b"\n" + content).digest()
    return base64.b32encode(digest[:20]).decode().lower()


def canonical(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def check(what, expected, actual):
    if expected != actual:
        failures.append(f"{what}: {expected} is written, {actual} computed")


def check_graph(what, text):
    graph = json.loads(text)
    check(f"{what}: text", text, canonical(graph).decode())
    derivations = graph.get("derivations", {})
    for key, derivation in derivations.items():
        check(f"{what}: hash", key, short_hash("bramble/derivation/1", canonical(derivation)))
        for found in re.findall(r"\{\{ ([a-z2-7]{32}):[a-z][a-z0-9_]* \}\}", json.dumps(derivation)):
            if found not in derivations:
                failures.append(f"{what}: {found} is not there")
    return len(derivations)


def check_document(text):
    count = 0
    for info, body in re.findall(r"^```(\S[^\n]*)\n(.*?)\n```$", text, re.M | re.S):
        words = info.split()
        if words[:2] == ["json", "derivation"]:
            check("document: text", body, canonical(json.loads(body)).decode())
            check("document: hash", words[2], short_hash("bramble/derivation/1", body.encode()))
        elif words[:2] == ["json", "resolved"]:
            check("document: text", body, canonical(json.loads(body)).decode())
            check("document: key", words[2],
                  short_hash("bramble/resolved-derivation/1", body.encode()))
        elif words[:2] == ["json", "graph"]:
            check_graph("document", body)
        elif words[:2] == ["text", "placeholders"]:
            for line in body.splitlines():
                name, output, placeholder = line.split()
                content = f"{name}\n{output}\n".encode()
                check("document: placeholder", placeholder,
                      short_hash("bramble/placeholder/1", content))
        else:
            continue
        count += 1
    return count


count = sum(check_graph(path.name, path.read_text())
            for path in sorted((HERE / "Golden").glob("*.json")))
examples = check_document(DOCUMENT.read_text())
if count < 10 or examples < 4:
    failures.append(f"only {count} derivations and {examples} examples were found")
for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(1 if failures else 0)
