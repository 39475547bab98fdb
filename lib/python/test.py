"""The modules that are in C, and those that link with other packages."""

import bz2
import curses
import json
import lzma
import readline
import sqlite3
import sys
import threading
import zlib

for module in zlib, bz2, lzma:
    assert module.decompress(module.compress(b"text")) == b"text"
readline.add_history("line")
assert readline.get_history_item(1) == "line"
curses.setupterm("xterm")
assert curses.tigetnum("cols") == 80
values = []
thread = threading.Thread(target=lambda: values.extend(json.loads("[2, 40]")))
thread.start()
thread.join()
(total,) = sqlite3.connect(":memory:").execute("select ? + ?", values).fetchone()
print(f"{sys.version_info[0]}.{sys.version_info[1]}: {total}")
