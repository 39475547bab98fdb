"""What builds graphs of trivial steps, each in its own words. Each step writes a number into a file, two steps at once.

A builder has `build(shape, repeat)`, which returns a Measure, and may have `change(number)`, which gives the first step of the chain
another recipe for each number, all of which yield the same. Shapes are `chain`, `independent` and `tree`."""

import os
import shutil
import subprocess

from measuring import Measure, measure, process_usage


class Builder:
    """What all have: a folder of its own, and the sizes of the shapes."""

    name = ""
    program = ""
    # Whether it knows what it has built, so that it can have nothing to do.
    remembers = True

    def __init__(self, root, sizes):
        self.root = os.path.join(root, self.name.lower().replace(" ", "-"))
        self.sizes = sizes
        self.environment = dict(os.environ, HOME=self.root)
        os.makedirs(self.root)
        self.prepare()

    @classmethod
    def is_there(cls):
        return shutil.which(cls.program) is not None

    def prepare(self):
        pass

    def close(self):
        pass

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def run(self, command, repeat=1, folder=".", server=None):
        return measure(command, os.path.join(self.root, folder), self.environment, repeat, server)

    def change(self, number):
        """Whether it was done."""
        return False


class Bramble(Builder):
    name = "Bramble"

    MODULE = '''
def _busybox():
    return derivation("busybox", "fetch_url", env = {"url": "file:///usr/bin/busybox", "executable": "true"})

def _step(name, script, inputs = []):
    b = _busybox().out + "/busybox"
    return derivation(name, b, args = ["busybox", "sh", "-c", script] + [i.out for i in inputs])

def shell():
    return _busybox()

def chain():
    step = _step("s0", "FIRST; echo 0 > $out/f")
    for i in range(1, CHAIN):
        step = _step("s%d" % i, "echo %d > $out/f" % i, [step])
    return step

def independent():
    return [_step("i%d" % i, "echo %d > $out/f" % i) for i in range(INDEPENDENT)]

def tree():
    leaves = [_step("l%d" % i, "echo %d > $out/f" % i) for i in range(LEAVES)]
    groups = [_step("g%d" % i, "echo %d > $out/f" % i, leaves[i * 100:i * 100 + 100]) for i in range(LEAVES // 100)]
    return _step("top", "echo top > $out/f", groups)
'''

    def __init__(self, root, sizes, command):
        self.command = command
        super().__init__(root, sizes)

    def prepare(self):
        self.environment["BRAMBLE_HOME"] = os.path.join(self.root, "store")
        self.write("bramble.toml", '[package]\nname = "example.org/bench"\nversion = "0.1.0"\n')
        self.write_module(":")
        self.build("shell")

    def write_module(self, first):
        text = self.MODULE.replace("FIRST", first)
        for name, value in self.sizes.items():
            text = text.replace(name.upper(), str(value))
        self.write("default.bramble", text)

    def build(self, shape, repeat=1):
        return self.run([self.command, "build", "-q", "-j2", ".:" + shape], repeat)

    def change(self, number):
        self.write_module(f"true {number}")
        return True


class Shell(Builder):
    """The machine itself: the same processes, one after the other, and nothing else."""

    name = "shell"
    program = "busybox"
    remembers = False

    def build(self, shape, repeat=1):
        if shape == "tree":
            return None
        script = "i=0; while [ $i -lt %d ]; do /usr/bin/busybox sh -c 'echo '$i' > f'$i; i=$((i + 1)); done"
        return self.run(["sh", "-c", script % self.sizes[shape]], repeat)


class Bubblewrap(Builder):
    """A sandbox for each step, and nothing else: reckoned from fifty."""

    name = "bubblewrap"
    program = "bwrap"
    remembers = False

    def build(self, shape, repeat=1):
        if shape == "tree":
            return None
        one = self.run(
            ["bwrap", "--unshare-all", "--ro-bind", "/usr/bin/busybox", "/busybox", "--tmpfs", "/tmp", "--proc", "/proc",
             "--dev", "/dev", "/busybox", "sh", "-c", "echo 1 > /tmp/f"], 50)
        count = self.sizes[shape]
        return Measure(one.wall * count, one.cpu * count, one.memory)


class Ninja(Builder):
    """Without any sandbox."""

    name = "ninja"
    program = "ninja"

    def prepare(self):
        for shape in self.sizes:
            lines = ["rule step", "  command = /usr/bin/busybox sh -c 'echo $n > $out'"]
            for number, (output, inputs) in enumerate(steps(shape, self.sizes)):
                lines += [f"build {output}: step {' '.join(inputs)}", f"  n = {number}"]
            self.write(os.path.join(folder_of(shape), "build.ninja"), "\n".join(lines) + "\n")

    def build(self, shape, repeat=1):
        return self.run(["ninja", "-j2"], repeat, folder=shape)


class Nix(Builder):
    """In a sandbox, without a daemon."""

    name = "Nix"
    program = "nix-build"
    EXTRA = ""
    FEATURES = ""

    def prepare(self):
        for variable, folder in [
            ("NIX_STORE_DIR", "store"), ("NIX_STATE_DIR", "state"), ("NIX_LOG_DIR", "log"), ("NIX_CONF_DIR", "conf")]:
            self.environment[variable] = os.path.join(self.root, folder)
        self.write(
            "conf/nix.conf",
            "sandbox = true\nbuild-users-group =\nsubstitute = false\nmax-jobs = 2\nsandbox-fallback = false\n" + self.FEATURES)
        os.makedirs(os.path.join(self.root, "tools"))
        shutil.copy("/usr/bin/busybox", os.path.join(self.root, "tools/busybox"))
        self.write_module(":")

    def write_module(self, first):
        self.write("default.nix", f'''
let
  tools = ./tools;
  step = name: script: inputs: derivation {{
    inherit name inputs; system = "x86_64-linux"; builder = "${{tools}}/busybox"; args = [ "sh" "-c" script ]; {self.EXTRA}
  }};
  list = count: f: builtins.genList f count;
  number = toString;
  leaves = list {self.sizes["leaves"]} (i: step "l${{number i}}" "echo ${{number i}} > $out" []);
  group = i: list 100 (j: builtins.elemAt leaves (i * 100 + j));
in {{
  chain = builtins.foldl' (before: i: step "s${{number i}}" "echo ${{number i}} > $out" [ before ])
    (step "s0" "{first}; echo 0 > $out" []) (list {self.sizes["chain"] - 1} (i: i + 1));
  independent = list {self.sizes["independent"]} (i: step "i${{number i}}" "echo ${{number i}} > $out" []);
  tree = step "top" "echo top > $out"
    (list {self.sizes["leaves"] // 100} (i: step "g${{number i}}" "echo ${{number i}} > $out" (group i)));
}}
''')

    def build(self, shape, repeat=1):
        # It was stopped after seven minutes, most of them at the last step, which has 100 inputs with 100 each.
        if shape == "tree":
            return None
        return self.run(["nix-build", "--no-out-link", "-Q", "-A", shape], repeat)


class ContentAddressedNix(Nix):
    """With derivations whose outputs are named by content, by which alone a build can stop early."""

    name = "Nix, by content"
    EXTRA = '__contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256";'
    FEATURES = "experimental-features = ca-derivations nix-command\n"

    def build(self, shape, repeat=1):
        return super().build(shape, repeat) if shape == "chain" else None

    def change(self, number):
        self.write_module(f"true {number}")
        return True


class Bazel(Builder):
    """In its sandbox, with a server that is warm. Its steps are run by bash."""

    name = "Bazel"
    program = "bazel"

    def prepare(self):
        self.write("WORKSPACE", "")
        self.first = ":"
        self.write_rules()
        self.run(self.command("build", "//chain:nothing"))
        self.server = int(subprocess.check_output(
            self.command("info", "server_pid"), cwd=self.root, env=self.environment, stderr=subprocess.DEVNULL))

    def write_rules(self):
        for shape in self.sizes:
            lines = ['genrule(name = "nothing", outs = ["nothing.txt"], cmd = "echo > $@")']
            for number, (output, inputs) in enumerate(steps(shape, self.sizes)):
                first = f"{self.first}; " if number == 0 else ""
                lines.append(
                    f'genrule(name = "{output}", srcs = {list(inputs)}, outs = ["{output}.txt"], cmd = "{first}echo {number} > $@")')
            self.write(os.path.join(folder_of(shape), "BUILD"), "\n".join(lines) + "\n")

    def command(self, verb, *arguments):
        return ["bazel", f"--output_user_root={self.root}/output", verb, *arguments]

    def build(self, shape, repeat=1):
        return self.run(
            self.command(
                "build", "--jobs=2", "--spawn_strategy=sandboxed", "--noshow_progress", f"//{shape}:all"),
            repeat, server=lambda: process_usage(self.server))

    def change(self, number):
        self.first = f"true {number}"
        self.write_rules()
        return True

    def close(self):
        subprocess.run(
            self.command("shutdown"), cwd=self.root, env=self.environment, check=False, stderr=subprocess.DEVNULL)


def folder_of(shape):
    return "tree" if shape == "leaves" else shape


def steps(shape, sizes):
    """The steps of a shape: the name of each, and the names of what it needs."""
    count = sizes[shape]
    if shape == "chain":
        return [(f"s{i}", [f"s{i - 1}"] if i > 0 else []) for i in range(count)]
    if shape == "independent":
        return [(f"i{i}", []) for i in range(count)]
    leaves = [(f"l{i}", []) for i in range(count)]
    groups = [(f"g{i}", [f"l{j}" for j in range(i * 100, i * 100 + 100)]) for i in range(count // 100)]
    return leaves + groups + [("top", [name for name, _ in groups])]
