#!/usr/bin/env python3
"""Writes the archives of the tests into the folder that is named: honest ones and hostile ones.

Everything is fixed (times, owners, order), and nothing is compressed that is not about compression.
"""
import bz2, gzip, io, lzma, os, struct, subprocess, sys, tarfile, zipfile

FOLDER = sys.argv[1]


def write(name, data):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(data)


def member(name, data=b"", kind=tarfile.REGTYPE, link="", mode=0o644, **fields):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.size = kind, link, mode, len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def file(name, data=b"text\n", **fields):
    return member(name, data, **fields)


def folder(name, **fields):
    return member(name, kind=tarfile.DIRTYPE, mode=0o755, **fields)


def symlink(name, target):
    return member(name, kind=tarfile.SYMTYPE, link=target)


def hardlink(name, target):
    return member(name, kind=tarfile.LNKTYPE, link=target)


def tar(*members, format=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def tars(name, *members, **options):
    write(name + ".tar", tar(*members, **options))


def zips(name, *members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data, mode in members:
            info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, mode << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    write(name + ".zip", buffer.getvalue())
    return buffer.getvalue()


def compress(data, program):
    return subprocess.run([program, "-c", "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout


HONEST = [
    folder("top"),
    file("./top//readme", b"hello\n"),
    file("top/bin/tool", b"#!/bin/sh\n", mode=0o4755, uid=1234, uname="somebody"),
    symlink("top/bin/alias", "tool"),
    symlink("top/lib", "./bin/../bin"),
    symlink("top/dangling", "made/by/build"),
    symlink("top/circle", "circle"),
    hardlink("top/copy", "top/bin/tool"),
    hardlink("top/copied-link", "top/bin/alias"),
    folder("top/empty"),
    folder("top"),
    file("top/" + "n" * 200 + "/" + "m" * 200, b"long\n"),
    file("top/Zo\u00eb", b"accent\n"),
    file("top/zeros", bytes(1024)),
]


def honest():
    plain = tar(*HONEST)
    write("honest.tar", plain)
    write("honest-gnu.tar", tar(*HONEST, format=tarfile.GNU_FORMAT))
    write("honest.tar.gz", gzip.compress(plain, mtime=0))
    write("honest.tar.bz2", bz2.compress(plain))
    write("honest.tar.xz", lzma.compress(plain))
    write("honest.tar.zst", compress(plain, "zstd"))
    write("honest-two-streams.tar.gz", gzip.compress(plain[:3000], mtime=0) + gzip.compress(plain[3000:], mtime=0))
    write("honest-one-block-of-end.tar", tar(file("top/a"))[:1024 + 512])
    zips(
        "honest", ("top/", b"", 0o40755), ("top/readme", b"hello\n", 0o100644),
        ("top/bin/tool", b"#!/bin/sh\n", 0o104755), ("top/bin/alias", b"tool", 0o120777),
        ("top/Zo\u00eb", b"accent\n", 0o100644))


def names():
    tars("dot-dot", file("a/../../outside"))
    tars("dot-dot-inside", file("a/../b"))
    tars("absolute", file("/tmp/bramble-outside"))
    tars("only-dots", file(".."))
    tars("empty-name", file(""))
    tars("long-component", file("x" * 256))
    tars("long-path", file("/".join(["d" * 100] * 41)))
    tars("deep", file("/".join(["d"] * 300)))
    tars("control", file("a\x1b[2Jb"))
    tars("line-feed", file("a\nb"))
    tars("latin-1", member("caf\udce9", b"x"), format=tarfile.USTAR_FORMAT)
    write("nul-pax.tar", with_pax_path(b"good\0/../../evil"))
    zips("zip-dot-dot", ("../outside", b"x", 0o100644))
    zips("zip-absolute", ("/tmp/bramble-outside", b"x", 0o100644))
    data = zips("zip-nul", ("goodXevil", b"x", 0o100644))
    write("zip-nul.zip", data.replace(b"goodXevil", b"good\0evil"))
    data = zips("zip-two-names", ("inner", b"x", 0o100644))
    write("zip-two-names.zip", data.replace(b"inner", b"../in", 1))
    tars("case", file("top/README"), file("top/readme"))
    tars("case-folders", file("Top/a"), file("top/b"))
    tars("case-kinds", file("top/a"), symlink("TOP", "elsewhere"))
    tars("normalization", file("\u00e9"), file("e\u0301"))
    tars("twice", file("a", b"1"), file("a", b"2"))
    tars("file-then-folder", file("a"), folder("a"))
    tars("file-then-below", file("a"), file("a/b"))
    tars("folder-then-file", folder("a"), file("a"))


def with_pax_path(path):
    """A tar file with a raw path in its extended header."""
    record = b" path=" + path + b"\n"
    length = len(record)
    while len(b"%d" % length) + len(record) != length:
        length = len(b"%d" % length) + len(record)
    header, _ = member("header", kind=tarfile.XHDTYPE)
    header.size = length
    body = b"%d" % length + record
    body += bytes(-len(body) % 512)
    return header.tobuf(tarfile.USTAR_FORMAT) + body + tar(file("plain"), format=tarfile.USTAR_FORMAT)


def links():
    tars("symlink-absolute", symlink("a", "/etc/passwd"))
    tars("symlink-out", symlink("a", "../outside"))
    tars("symlink-out-deep", symlink("a/b", "../../outside"))
    tars("symlink-empty", symlink("a", ""))
    tars("symlink-then-file", symlink("a", "."), file("a/b"))
    tars("symlink-then-outside", symlink("a", "/tmp"), file("a/bramble-outside"))
    tars("symlink-replaced", symlink("a", "b"), file("a"))
    tars("symlink-chain", folder("d/e"), symlink("x", "d/e"), symlink("y", "x/../../.."))
    tars("symlink-chain-late", symlink("y", "x/../.."), symlink("x", "d"), folder("d"))
    tars("hardlink-out", hardlink("a", "../outside"))
    tars("hardlink-absolute", hardlink("a", "/etc/passwd"))
    tars("hardlink-missing", hardlink("a", "b"))
    tars("hardlink-later", hardlink("a", "b"), file("b"))
    tars("hardlink-folder", folder("b"), hardlink("a", "b"))
    tars("hardlink-itself", hardlink("a", "a"))
    tars("hardlink-through-symlink", symlink("s", "d"), file("d/f"), hardlink("a", "s/f"))
    zips("zip-symlink-out", ("a", b"../outside", 0o120777))


def kinds():
    tars("device", member("a", kind=tarfile.CHRTYPE))
    tars("block-device", member("a", kind=tarfile.BLKTYPE))
    tars("fifo", member("a", kind=tarfile.FIFOTYPE))


def sizes():
    tars("entries", *[file("f%d" % number, b"") for number in range(40)])
    tars("large", file("a", bytes(300_000)))
    write("bomb.tar.gz", gzip.compress(tar(file("a", bytes(200_000))), mtime=0))
    write("bomb.tar.xz", lzma.compress(tar(file("a", bytes(200_000)))))
    write("bomb-after-end.tar.gz", gzip.compress(tar(file("a")) + bytes(200_000), mtime=0))
    zips("bomb", ("a", bytes(200_000), 0o100644))
    write("nested.tar.gz", gzip.compress(gzip.compress(tar(file("a")), mtime=0), mtime=0))
    sparse("sparse.tar", "truncate -s 240000 sparse")
    sparse("honest-sparse.tar", "truncate -s 70000 sparse && echo data >>sparse && truncate -s 150000 sparse")


def sparse(name, command):
    script = command + " && tar --sparse --format=pax -cf - sparse && rm sparse"
    write(name, subprocess.run(script, shell=True, cwd=FOLDER, stdout=subprocess.PIPE, check=True).stdout)


def flipped(data, position):
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1:]


def streams():
    plain = tar(*HONEST)
    packed = gzip.compress(plain, mtime=0)
    write("cut-in-header.tar", plain[:700])
    write("cut-in-data.tar", tar(file("a", b"x" * 2000))[:1500])
    write("cut-between.tar", tar(file("a"), file("b"))[:1024])
    write("cut-between-after-zeros.tar", tar(file("a", bytes(1024)))[:1536])
    write("cut.tar.gz", packed[:-20])
    write("cut-in-second.tar.gz", packed + packed[:40])
    write("wrong-length.tar.gz", packed[:-4] + bytes(4))
    write("cut.tar.bz2", bz2.compress(plain)[:-20])
    write("cut.tar.xz", lzma.compress(plain)[:-20])
    write("cut.tar.zst", compress(plain, "zstd")[:-20])
    write("wrong-checksum.tar.gz", packed[:-8] + bytes(4) + packed[-4:])
    write("wrong-checksum.tar.xz", flipped(lzma.compress(plain), 60))
    write("wrong-checksum.tar.bz2", flipped(bz2.compress(plain), 12))
    write("wrong-checksum.tar", flipped(plain, 148))
    write("behind.tar", tar(file("a")) + b"more")
    write("two.tar", tar(file("a")) + tar(file("b")))
    write("two.tar.gz", gzip.compress(tar(file("a")), mtime=0) + gzip.compress(tar(file("b")), mtime=0))
    write("behind.tar.gz", packed + b"more")
    write("behind.tar.xz", lzma.compress(plain) + b"more of it")
    write("empty.tar", b"")
    write("nothing.tar", bytes(10240))
    write("text.tar", b"<html>not found</html>\n" * 100)
    data = zips("cut", ("a", b"text\n" * 100, 0o100644))
    write("cut.zip", data[:-30])
    write("wrong-checksum.zip", data.replace(struct.pack("<L", 0xFFFFFFFF & __import__("zlib").crc32(b"text\n" * 100)), b"abcd"))


for make in (honest, names, links, kinds, sizes, streams):
    make()
