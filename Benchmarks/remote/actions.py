#!/usr/bin/env python3
"""Measures what Bramble adds to an engine: many trivial actions, asked for by Bramble and by a client that does nothing else.

  actions.py --bramble PATH --target 127.0.0.1:PORT [--count N] [--rounds N] [--root input|working-directory]

Needs the Python packages grpcio and BuildStream (for its stubs), and a static busybox. Prints the seconds of each
round, alternately, and the ratio of the medians. The client uploads actions of the same shape, executes them, as many
at once, and reads no outputs; Bramble evaluates, uploads, executes, fetches, scans, names and records.
"""
import argparse
import concurrent.futures
import hashlib
import os
import resource
import statistics
import subprocess
import tempfile
import time

import grpc
from buildstream._protos.build.bazel.remote.execution.v2 import remote_execution_pb2 as re
from buildstream._protos.build.bazel.remote.execution.v2 import remote_execution_pb2_grpc as re_grpc

parser = argparse.ArgumentParser()
parser.add_argument("--bramble", required=True)
parser.add_argument("--target", required=True)
parser.add_argument("--count", type=int, default=1000)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--at-once", type=int, default=200, help="as many as Bramble has on their way")
parser.add_argument("--busybox", default="/usr/bin/busybox")
parser.add_argument("--root", default="input")
options = parser.parse_args()

METADATA = (
    (
        "build.bazel.remote.execution.v2.requestmetadata-bin",
        re.RequestMetadata(tool_invocation_id="floor").SerializeToString(),
    ),
)


def digest(content):
    return re.Digest(hash=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


class Floor:
    """The same work by a client that only asks for it."""

    def __init__(self):
        self.channel = grpc.insecure_channel(options.target)
        self.storage = re_grpc.ContentAddressableStorageStub(self.channel)
        self.execution = re_grpc.ExecutionStub(self.channel)
        with open(options.busybox, "rb") as file:
            busybox = file.read()
        self.tool = digest(busybox)
        self.upload([busybox])

    def upload(self, contents):
        for start in range(0, len(contents), 500):
            part = contents[start : start + 500]
            answer = self.storage.BatchUpdateBlobs(
                re.BatchUpdateBlobsRequest(
                    requests=[re.BatchUpdateBlobsRequest.Request(digest=digest(c), data=c) for c in part]
                ),
                metadata=METADATA,
            )
            assert all(a.status.code == 0 for a in answer.responses), answer

    def action(self, salt, number):
        directory = re.Directory(files=[re.FileNode(name="busybox", digest=self.tool, is_executable=True)])
        out = re.Directory(directories=[re.DirectoryNode(name="out", digest=digest(b""))])
        root = re.Directory(
            directories=[
                re.DirectoryNode(name="bin", digest=digest(directory.SerializeToString())),
                re.DirectoryNode(name="o", digest=digest(out.SerializeToString())),
                re.DirectoryNode(name="tmp", digest=digest(b"")),
            ]
        )
        command = re.Command(
            arguments=["/bin/busybox", "sh", "-c", f"echo {salt} {number} >/o/out/f"],
            output_paths=["o/out"],
        )
        contents = [b"", command.SerializeToString()]
        contents += [d.SerializeToString() for d in (directory, out, root)]
        action = re.Action(command_digest=digest(contents[1]), input_root_digest=digest(contents[-1]))
        return action.SerializeToString(), contents

    def execute(self, action):
        for operation in self.execution.Execute(
            re.ExecuteRequest(action_digest=digest(action)), metadata=METADATA
        ):
            if operation.done:
                response = re.ExecuteResponse()
                operation.response.Unpack(response)
                assert response.status.code == 0 and response.result.exit_code == 0, response

    def run(self, salt):
        start = time.monotonic()
        pairs = [self.action(salt, number) for number in range(options.count)]
        contents = {c: None for action, parts in pairs for c in [action, *parts]}
        self.upload(list(contents))
        with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
            list(pool.map(self.execute, [action for action, _ in pairs]))
        return time.monotonic() - start


def bramble(folder, home, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "BRAMBLE_HOME": home}
    subprocess.run(
        [options.bramble, "-C", folder, *arguments], check=True, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )


PROJECT = """
def tool():
    return derivation("tool", "fetch_url", env = {"url": "file://%s", "executable": "true"})

def all():
    sh = tool().out + "/busybox"
    return [
        derivation("n%%d" %% number, sh, args = ["sh", "-c", "echo %s %%d >$out/f" %% number])
        for number in range(%d)
    ]
"""


def ours(salt):
    """Seconds, and those of them that Bramble has used a processor."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/bramble.toml", "w") as file:
            file.write('[package]\nname = "example.org/many"\nversion = "0.1.0"\n')
        with open(folder + "/default.bramble", "w") as file:
            file.write(PROJECT % (options.busybox, salt, options.count))
        home = folder + "/home"
        bramble(folder, home, "lock")
        bramble(folder, home, "build", ".:tool")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        bramble(
            folder, home, "build", "--remote-executor", "grpc://" + options.target,
            "--remote-root", options.root, ".:all",
        )
        seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return seconds, used


floor, times = [], []
client = Floor()
for number in range(options.rounds):
    salt = f"{os.getpid()} {number}"
    floor.append(client.run(salt))
    seconds, used = ours(salt)
    times.append(seconds)
    print(
        f"{options.count} actions: client {floor[-1]:.2f} s, bramble {seconds:.2f} s "
        f"({used:.2f} s of processor)", flush=True,
    )
print(f"ratio of the medians: {statistics.median(times) / statistics.median(floor):.2f}")
