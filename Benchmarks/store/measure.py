"""The rows of Benchmarks/store/run: measure.py WORKER FOLDER [ROW…]."""
import os
import re
import statistics
import subprocess
import sys
import time

WORKER, FOLDER, *CHOSEN = sys.argv[1:]
RUNS = 3
PREFIX = "/bramble/content-addressed-and-relocatable/store/"
# The placeholder of the output `out` of the derivation `hello` (docs/derivation-format.md).
PLACEHOLDER = "jcxeml37ysgq2qed6r3ui64h3ap6xvmc"
# Nothing is removed before a row is complete: an ext4 without a journal looks at each inode that was freed
# in the last minutes before it gives one out, which makes new files ten times slower.
trash_count = 0


def path(*names):
    return os.path.join(FOLDER, *names)


TOUCH_MEMORY = """
import mmap
with open("/proc/meminfo", encoding="ascii") as file:
    free = next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemFree:"))
with mmap.mmap(-1, free - free // 8) as memory:
    for offset in range(0, len(memory), mmap.PAGESIZE):
        memory[offset] = 1
"""


def touch_memory():
    """Uses the memory that the page cache will lie in. On a virtual machine the first use of a page takes
    several times as long as any later one: whoever happened to write first would pay for it."""
    subprocess.run([sys.executable, "-c", TOUCH_MEMORY], check=True)


def retire(name):
    """Makes room for another file of that name."""
    global trash_count
    if os.path.lexists(path(name)):
        trash_count += 1
        os.rename(path(name), path(f"trash-{trash_count}"))


def timed(command, expected=0):
    """Wall seconds, and the kernel's account of the process. What was written before is on the disk first:
    else whoever comes next waits for it."""
    os.sync()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expected:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return seconds, usage


def worker(*arguments):
    return [WORKER, *arguments]


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def compare(name, target, floor_name, ours, floor, prepare=lambda: None):
    """Runs the two commands by turns, and prints the ratio of their medians. A floor is a list of
    commands, one after the other."""
    times, floors, usage = [], [], None
    for _ in range(RUNS):
        prepare()
        seconds, usage = timed(ours)
        times.append(seconds)
        floors.append(sum(timed(command)[0] for command in floor))
    row(name, statistics.median(times), statistics.median(floors), target, floor_name, usage)


def row(name, ours, floor, target, floor_name, usage=None):
    mark = "" if ours / floor <= target else "  MISSED"
    processor = f" (CPU {usage.ru_utime:.2f} + {usage.ru_stime:.2f} s)" if usage else ""
    print(f"{name:34} {ours * 1e3:6.0f} ms{processor}  {floor_name} {floor * 1e3:6.0f} ms  "
          f"ratio {ours / floor:5.2f}, at most {target}{mark}", flush=True)


def make_files(name, count, size, text=b""):
    block = os.urandom(size)
    for number in range(count):
        if number % 100 == 0:
            os.makedirs(path(name, str(number // 100)))
        with open(path(name, str(number // 100), str(number)), "wb") as file:
            content = number.to_bytes(8, "big") + text + block
            file.write(content[:size])


def retire_results():
    retire("store")
    retire("copy")


def one_big_file():
    os.makedirs(path("big"))
    with open(path("big", "file"), "wb") as file:
        for _ in range(1024):
            file.write(os.urandom(1 << 20))
    compare(
        "ingest 1 GiB in one file", 1.3, "openssl, cp", worker("add", path("store"), path("big")),
        [["openssl", "dgst", "-sha256", path("big", "file")], ["cp", path("big", "file"), path("copy")]],
        retire_results)


def many_files():
    make_files("many", 50_000, 4096)
    compare(
        "ingest 50,000 files of 4 KiB", 1.3, "cp -r", worker("add", path("store"), path("many")),
        [["cp", "-r", path("many"), path("copy")]], retire_results)
    # What was written within the step of the clock is read again.
    time.sleep(0.1)
    run(worker("sources", path("store"), path("many")))

    def change():
        with open(path("many", "7", "700"), "ab") as file:
            file.write(b"x")

    compare(
        "again, one of 50,000 changed", 1.5, "find -printf", worker("sources", path("store"), path("many")),
        [["find", path("many"), "-printf", "%p %s %T@ %C@ %i\n"]], change)


def outputs():
    os.makedirs(path("inputs"))
    for number in range(20):
        os.makedirs(path("inputs", str(number)))
        with open(path("inputs", str(number), "file"), "w") as file:
            file.write(str(number))

    def fresh_store():
        retire_results()
        run(worker("add-each", path("store"), path("inputs")))

    fresh_store()
    names = sorted(os.listdir(path("store", "store")))
    text = "".join(f"\n{PREFIX}{name}/lib" for name in [*names[:3], PLACEHOLDER]).encode()
    make_files("out", 20_000, (1 << 30) // 20_000, text)
    times, memory, floors = [], 0, []
    for _ in range(RUNS):
        fresh_store()
        floors.append(timed(["cp", "-r", path("out"), path("copy")])[0])
        # As after a build, which has no further use for what it has made.
        seconds, usage = timed(worker("register", path("store"), path("copy")))
        times.append(seconds)
        memory = max(memory, usage.ru_maxrss / 1024)
    rate = (1 << 30) / statistics.median(times) / 1e6
    print(f"{'register 1 GiB in 20,000 files':34} {statistics.median(times) * 1e3:6.0f} ms "
          f"(CPU {usage.ru_utime:.2f} + {usage.ru_stime:.2f} s)  cp -r {statistics.median(floors) * 1e3:6.0f} ms  "
          f"{rate:.0f} MB/s, at least 600{'' if rate >= 600 else '  MISSED'}; "
          f"{memory:.0f} MiB, at most 150{'' if memory <= 150 else '  MISSED'}", flush=True)


def collecting():
    retire_results()
    os.makedirs(path("small"))
    for number in range(10_000):
        os.makedirs(path("small", str(number)))
        with open(path("small", str(number), "file"), "w") as file:
            file.write(f"small {number}\n")
    run(worker("add-each", path("store"), path("small")))
    result = run(worker("look-up", path("store")))
    print(re.sub(r"\n", "; ", result.strip()) + " (at most 20 µs a look-up, 2 ms to open)", flush=True)
    # What rm -r has to remove is what a collection has to: objects and blobs.
    run(["cp", "-a", path("store"), path("copy")])
    run(["chmod", "-R", "u+w", path("copy")])
    ours, usage = timed(worker("collect", path("store")))
    floor, _ = timed(["rm", "-r", path("copy", "store"), path("copy", "blobs")])
    row("collect 10,000 small objects", ours, floor, 1.5, "rm -r", usage)


ROWS = {"big": one_big_file, "many": many_files, "register": outputs, "collect": collecting}
touch_memory()
for name in CHOSEN or ROWS:
    ROWS[name]()
    subprocess.run(["chmod", "-R", "u+w", FOLDER], check=True)
    subprocess.run(["rm", "-r", *(path(file) for file in os.listdir(FOLDER))], check=True)
