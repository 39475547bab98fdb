#!/usr/bin/env python3
"""Reads TOML documents with Python's tomllib and writes what is in them, a line each.

Standard input has the documents, with a NUL byte behind each. A document that is refused has the
line `refused`. The tests compare the lines with those of Bramble's own reader.
"""

import datetime
import json
import struct
import sys
import tomllib


def shown(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise ValueError("more than 64 bits")
        return str(value)
    if isinstance(value, float):
        return "nan" if value != value else struct.pack(">d", value).hex()
    if isinstance(value, list):
        return "[" + ",".join(map(shown, value)) + "]"
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode())
        return "{" + ",".join(json.dumps(key) + ":" + shown(item) for key, item in pairs) + "}"
    if isinstance(value, (datetime.date, datetime.time)):
        return "moment"
    raise TypeError(type(value))


for document in sys.stdin.buffer.read().split(b"\0")[:-1]:
    try:
        print(shown(tomllib.loads(document.decode())))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, RecursionError):
        print("refused")
