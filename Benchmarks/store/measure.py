"""The rows of Benchmarks/store/run: measure.py WORKER FOLDER."""
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time

WORKER, FOLDER = sys.argv[1:]
RUNS = 3
PREFIX = "/bramble/content-addressed-and-relocatable/store/"
# The placeholder of the output `out` of the derivation `hello` (docs/derivation-format.md).
PLACEHOLDER = "jcxeml37ysgq2qed6r3ui64h3ap6xvmc"


def path(*names):
    return os.path.join(FOLDER, *names)


def remove(name):
    subprocess.run(["chmod", "-R", "u+w", path(name)], check=False, stderr=subprocess.DEVNULL)
    shutil.rmtree(path(name), ignore_errors=True)


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def worker(*arguments):
    return [WORKER, *arguments]


def median(measure, prepare=lambda: None):
    times = []
    for _ in range(RUNS):
        prepare()
        times.append(measure())
    return statistics.median(times)


def row(name, ours, floor, target, floor_name):
    mark = "" if ours / floor <= target else "  MISSED"
    print(f"{name:44} {ours * 1e3:8.0f} ms  {floor_name} {floor * 1e3:6.0f} ms  "
          f"ratio {ours / floor:5.2f}  at most {target}{mark}", flush=True)


def fresh_store():
    remove("store")


def make_files(name, count, size, text=b""):
    block = os.urandom(size)
    for number in range(count):
        if number % 100 == 0:
            os.makedirs(path(name, str(number // 100)))
        with open(path(name, str(number // 100), str(number)), "wb") as file:
            content = number.to_bytes(8, "big") + text + block
            file.write(content[:size])


def one_big_file():
    os.makedirs(path("big"))
    with open(path("big", "file"), "wb") as file:
        for _ in range(1024):
            file.write(os.urandom(1 << 20))
    ours = median(lambda: timed(worker("add", path("store"), path("big"))), fresh_store)
    hashing = median(lambda: timed(["openssl", "dgst", "-sha256", path("big", "file")]))
    copying = median(lambda: timed(["cp", path("big", "file"), path("copy")]), lambda: remove_file("copy"))
    row("ingest 1 GiB in one file", ours, hashing + copying, 1.3, "openssl + cp")
    remove_file("copy")
    remove("big")


def remove_file(name):
    if os.path.exists(path(name)):
        os.remove(path(name))


def many_files():
    make_files("many", 50_000, 4096)
    ours = median(lambda: timed(worker("add", path("store"), path("many"))), fresh_store)
    copying = median(lambda: timed(["cp", "-r", path("many"), path("copies")]), lambda: remove("copies"))
    row("ingest 50,000 files of 4 KiB", ours, copying, 1.3, "cp -r")
    remove("copies")
    subprocess.run(worker("sources", path("store"), path("many")), check=True, stdout=subprocess.DEVNULL)

    def change():
        with open(path("many", "7", "700"), "ab") as file:
            file.write(b"x")

    ours = median(lambda: timed(worker("sources", path("store"), path("many"))), change)
    finding = median(lambda: timed(["find", path("many"), "-printf", "%p %s %T@ %C@ %i\n"]))
    row("the same again, one file changed", ours, finding, 1.5, "find -printf")
    remove("many")


def outputs():
    fresh_store()
    os.makedirs(path("inputs"))
    for number in range(20):
        os.makedirs(path("inputs", str(number)))
        with open(path("inputs", str(number), "file"), "w") as file:
            file.write(str(number))
    subprocess.run(worker("add-each", path("store"), path("inputs")), check=True, stdout=subprocess.DEVNULL)
    names = sorted(os.listdir(path("store", "store")))
    text = "".join(f"\n{PREFIX}{name}/lib" for name in [*names[:3], PLACEHOLDER]).encode()
    make_files("out", 20_000, (1 << 30) // 20_000, text)
    times = []
    for _ in range(RUNS):
        subprocess.run(worker("collect", path("store")), check=True, stdout=subprocess.DEVNULL)
        subprocess.run(worker("add-each", path("store"), path("inputs")), check=True, stdout=subprocess.DEVNULL)
        times.append(timed(worker("register", path("store"), path("out"))))
    seconds = statistics.median(times)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rate = (1 << 30) / seconds / 1e6
    print(f"{'register 1 GiB in 20,000 files':44} {seconds * 1e3:8.0f} ms  {rate:.0f} MB/s (at least 600), "
          f"{memory:.0f} MiB at most so far (at most 150)", flush=True)
    remove("out")


def collecting():
    fresh_store()
    os.makedirs(path("small"))
    for number in range(10_000):
        os.makedirs(path("small", str(number)))
        with open(path("small", str(number), "file"), "w") as file:
            file.write(f"small {number}\n")
    subprocess.run(worker("add-each", path("store"), path("small")), check=True, stdout=subprocess.DEVNULL)
    result = subprocess.run(worker("look-up", path("store")), check=True, capture_output=True, text=True).stdout
    print(re.sub(r"\n", "; ", result.strip()) + " (at most 20 µs a look-up, 2 ms to open)", flush=True)
    # What rm -r has to remove is what a collection has to: objects and blobs.
    subprocess.run(["cp", "-a", path("store"), path("removed")], check=True)
    subprocess.run(["chmod", "-R", "u+w", path("removed")], check=True)
    ours = timed(worker("collect", path("store")))
    removing = timed(["rm", "-r", path("removed", "store"), path("removed", "blobs")])
    row("collect 10,000 small objects", ours, removing, 1.5, "rm -r")


one_big_file()
many_files()
outputs()
collecting()
