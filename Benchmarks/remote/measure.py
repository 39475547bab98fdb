#!/usr/bin/env python3
"""Measures a server of the Remote Execution API: a large blob up and down, and many clients at once.

  measure.py --target 127.0.0.1:PORT --pid PID [--http PORT] [--size BYTES] [--clients N]

Needs the Python packages grpcio and BuildStream (for its stubs). PID is the server's: its memory is read
from /proc. Prints one line a measurement: what, seconds, and the server's memory, now and at most so far.
"""
import argparse
import hashlib
import os
import socket
import threading
import time
import uuid

import grpc
from buildstream._protos.build.bazel.remote.execution.v2 import remote_execution_pb2 as re
from buildstream._protos.build.bazel.remote.execution.v2 import remote_execution_pb2_grpc as re_grpc
from buildstream._protos.google.bytestream import bytestream_pb2, bytestream_pb2_grpc

parser = argparse.ArgumentParser()
parser.add_argument("--target", required=True)
parser.add_argument("--pid", type=int, required=True)
parser.add_argument("--http", type=int, help="the port of plain HTTP, to compare with")
parser.add_argument("--size", type=int, default=1 << 30)
parser.add_argument("--clients", type=int, default=200)
parser.add_argument("--rounds", type=int, default=5)
options = parser.parse_args()

CHUNK = 1 << 20


def memory():
    """Megabytes that the server has now, and had at most."""
    fields = {}
    with open(f"/proc/{options.pid}/status") as status:
        for line in status:
            name, _, value = line.partition(":")
            fields[name] = value.split()
    return int(fields["VmRSS"][0]) / 1024, int(fields["VmHWM"][0]) / 1024


def report(what, seconds):
    now, most = memory()
    print(f"{what:<44} {seconds:8.2f} s  {now:7.1f} MB now  {most:7.1f} MB at most", flush=True)


def blocks(size, seed):
    """A blob that does not fit into memory, the same each time."""
    block = hashlib.sha256(seed).digest() * (CHUNK // 32)
    count = 0
    while count < size:
        part = block[: min(CHUNK, size - count)]
        # No two blocks are equal.
        yield count.to_bytes(8, "big") + part[8:]
        count += len(part)


def digest_of(size, seed):
    function = hashlib.sha256()
    for part in blocks(size, seed):
        function.update(part)
    return function.hexdigest()


def channel():
    # A connection of its own for each client, as they would be on other machines.
    return grpc.insecure_channel(
        options.target, options=[("grpc.use_local_subchannel_pool", 1), ("grpc.max_receive_message_length", 16 << 20)]
    )


def upload(connection, size, seed, digest):
    def requests():
        offset = 0
        for part in blocks(size, seed):
            yield bytestream_pb2.WriteRequest(
                resource_name=f"uploads/{uuid.uuid4()}/blobs/{digest}/{size}" if offset == 0 else "",
                write_offset=offset,
                data=part,
                finish_write=offset + len(part) == size,
            )
            offset += len(part)

    response = bytestream_pb2_grpc.ByteStreamStub(connection).Write(requests())
    assert response.committed_size == size, response


def download(connection, size, digest):
    function = hashlib.sha256()
    count = 0
    request = bytestream_pb2.ReadRequest(resource_name=f"blobs/{digest}/{size}")
    for part in bytestream_pb2_grpc.ByteStreamStub(connection).Read(request):
        function.update(part.data)
        count += len(part.data)
    assert count == size and function.hexdigest() == digest


def download_plainly(size, digest):
    with socket.create_connection(("127.0.0.1", options.http)) as connection:
        connection.sendall(f"GET /cas/{digest} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
        count = 0
        while part := connection.recv(CHUNK):
            count += len(part)
    assert count >= size, count


def timed(what, body):
    start = time.monotonic()
    body()
    report(what, time.monotonic() - start)


def client(number, failures):
    """What a build does: looks what is missing, uploads, reads."""
    try:
        with channel() as connection:
            storage = re_grpc.ContentAddressableStorageStub(connection)
            for turn in range(options.rounds):
                small = [os.urandom(20_000) for _ in range(10)]
                digests = [re.Digest(hash=hashlib.sha256(b).hexdigest(), size_bytes=len(b)) for b in small]
                storage.FindMissingBlobs(re.FindMissingBlobsRequest(blob_digests=digests))
                pairs = zip(digests, small)
                storage.BatchUpdateBlobs(
                    re.BatchUpdateBlobsRequest(
                        requests=[re.BatchUpdateBlobsRequest.Request(digest=d, data=b) for d, b in pairs]
                    )
                )
                answer = storage.BatchReadBlobs(re.BatchReadBlobsRequest(digests=digests))
                assert [x.data for x in answer.responses] == small
                seed = f"{number} {turn} {os.getpid()}".encode()
                digest = digest_of(2 << 20, seed)
                upload(connection, 2 << 20, seed, digest)
                download(connection, 2 << 20, digest)
    except Exception as error:  # One is enough to know.
        failures.append(f"client {number}: {error}")


def many():
    failures = []
    threads = [threading.Thread(target=client, args=(n, failures)) for n in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures[0]


report("before", 0)
seed = os.urandom(8)
digest = digest_of(options.size, seed)
megabytes = options.size >> 20
with channel() as connection:
    timed(f"a blob of {megabytes} MiB up", lambda: upload(connection, options.size, seed, digest))
    timed(f"a blob of {megabytes} MiB down", lambda: download(connection, options.size, digest))
if options.http:
    timed(f"a blob of {megabytes} MiB down, plain HTTP", lambda: download_plainly(options.size, digest))
timed(f"{options.clients} clients, {options.rounds} rounds each", many)
