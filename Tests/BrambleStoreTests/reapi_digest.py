#!/usr/bin/env python3
"""Computes what docs/store-format.md says of a directory, from that page alone: the digest of its tree, as the Remote
Execution API has it, and its name in the store.

    reapi_digest.py DIRECTORY [OWN_NAME]

With OWN_NAME, files and symlinks that hold it are hashed with blanks in its place, as an object's name is.
"""
import base64
import hashlib
import os
import stat
import sys


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(index, content):
    return number(index << 3 | 2) + number(len(content)) + content


def digest_message(digest):
    hash, size = digest
    message = field(1, hash.encode())
    if size:
        message += number(2 << 3) + number(size)
    return message


def digest_of(data):
    return hashlib.sha256(data).hexdigest(), len(data)


def digest_of_file(path):
    """By blocks: it may be larger than the memory."""
    hash, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            hash.update(block)
            size += len(block)
    return hash.hexdigest(), size


class Walker:
    def __init__(self, own):
        self.own = own
        self.places = []

    def blank(self, data, path):
        if not self.own:
            return data
        start = data.find(self.own)
        while start >= 0:
            self.places.append((path, start))
            data = data[:start] + b"0" * 32 + data[start + 32 :]
            start = data.find(self.own, start + 32)
        return data

    def file(self, path, inner):
        if not self.own:
            return digest_of_file(path)
        with open(path, "rb") as file:
            return digest_of(self.blank(file.read(), inner))

    def directory(self, path, inner):
        message = b""
        kinds = ([], [], [])
        for name in sorted(os.listdir(path)):
            status = os.lstat(os.path.join(path, name))
            kind = 2 if stat.S_ISLNK(status.st_mode) else 1 if stat.S_ISDIR(status.st_mode) else 0
            kinds[kind].append((name, status))
        for name, status in kinds[0]:
            digest = self.file(os.path.join(path, name), inner + name)
            entry = field(1, name) + field(2, digest_message(digest))
            if status.st_mode & 0o100:
                entry += number(4 << 3) + b"\x01"
            message += field(1, entry)
        for name, _ in kinds[1]:
            child = self.directory(os.path.join(path, name), inner + name + b"/")
            message += field(2, field(1, name) + field(2, digest_message(child)))
        for name, _ in kinds[2]:
            target = self.blank(os.readlink(os.path.join(path, name)), inner + name)
            message += field(3, field(1, name) + field(2, target))
        return digest_of(message)


def main():
    own = sys.argv[2].encode() if len(sys.argv) > 2 else b""
    walker = Walker(own)
    hash, size = walker.directory(os.fsencode(sys.argv[1]), b"")
    text = b"bramble/object/1\n" + f"{hash}/{size}\n".encode()
    for path, offset in sorted(walker.places):
        text += path + b"\0" + str(offset).encode() + b"\n"
    name = base64.b32encode(hashlib.sha256(text).digest()[:20]).decode().lower()
    print(f"{hash}/{size} {name}")


main()
