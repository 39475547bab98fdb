"""The engines that are compared, and how the peers are built into the cache folder.

Starlark-go is built from Debian's packages golang-go and golang-starlark-dev, starlark-rust is the
Python package starlark-pyo3 in a virtual environment. What cannot be had here is left out.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import Optional

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
RUST_BINDING = "starlark-pyo3==2026.1.3"
# Where Debian puts the sources of Go libraries.
DEBIAN_GOPATH = "/usr/share/gocode"


class Unavailable(Exception):
    """An engine cannot be had here; the message says why."""


@dataclass(frozen=True)
class Engine:
    """An engine: the command that runs a file, and the one that only parses and compiles it."""

    name: str
    run: list
    check: Optional[list] = None


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "bramble-benchmarks")
    os.makedirs(folder, exist_ok=True)
    return folder


def ours(path):
    if path is None:
        raise Unavailable("no --starlark PATH given")
    found = shutil.which(path)
    if found is None:
        raise Unavailable("`%s` is not a command" % path)
    command = os.path.abspath(found)
    return Engine("ours", [command], [command, "--check"])


def starlark_go(cache):
    source = os.path.join(PEERS, "starlark-go", "main.go")
    go = shutil.which("go")
    if go is None or not os.path.isdir(os.path.join(DEBIAN_GOPATH, "src", "go.starlark.net")):
        raise Unavailable("needs the Debian packages golang-go and golang-starlark-dev")
    version = subprocess.run([go, "version"], capture_output=True).stdout
    command = os.path.join(cache, "starlark-go-" + fingerprint(source, version))
    if not os.path.exists(command):
        environment = dict(os.environ, GO111MODULE="off", GOPATH=DEBIAN_GOPATH, GOFLAGS="")
        build([go, "build", "-o", command + ".new", source], environment)
        os.replace(command + ".new", command)
    return Engine("go", [command], [command, "--parse-only"])


def starlark_rust(cache):
    folder = os.path.join(cache, "starlark-rust-" + fingerprint(None, RUST_BINDING.encode()))
    python = os.path.join(folder, "bin", "python")
    complete = os.path.join(folder, "complete")
    if not os.path.exists(complete):
        build([sys.executable, "-m", "venv", "--clear", folder])
        build([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
               RUST_BINDING])
        open(complete, "w").close()
    # -I keeps the user's own packages and variables out of the measurement.
    return Engine("rust", [python, "-I", os.path.join(PEERS, "starlark-rust", "main.py")])


def fingerprint(path, extra):
    """A short name for a build: it changes with the source and with the version given as extra."""
    digest = hashlib.sha256(extra)
    if path is not None:
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


def build(command, environment=None):
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        lines = done.stdout.strip().splitlines() or ["(no output)"]
        raise Unavailable("`%s` failed: %s" % (" ".join(command[:3]), lines[-1]))
