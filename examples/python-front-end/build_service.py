"""A client of Bramble's build service, from stock gRPC tools: docs/build-service.md says what it does.

The service's messages are made of proto/ when the program runs. What the Remote Execution API has,
which is where sources go, is asked of the server itself, by gRPC's reflection.
"""

import hashlib
import json
import os
import sys

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

PROTOCOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "proto")
sys.path.append(PROTOCOLS)
messages, services = grpc.protos_and_services("bramble/build/v1/build_service.proto")

REAPI = "build.bazel.remote.execution.v2."
BATCH_BYTES = 3 << 20  # below the 4 MiB that a message may have
BROKEN = {grpc.StatusCode.UNAVAILABLE}


def text_of(digest):
    """A digest as Bramble writes it."""
    return "%s/%d" % digest


def digest_of(content):
    return hashlib.sha256(content).hexdigest(), len(content)


class BuildClient:
    """A connection to a server that was started with `bramble server --build`."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        self.builds = services.BuildServiceStub(self.channel)
        self.pool = descriptor_pool.DescriptorPool(
            ProtoReflectionDescriptorDatabase(self.channel))
        self.sent = 0

    def close(self):
        self.channel.close()

    def build(self, graph, folder, on_event, keep_going=False):
        """Builds the roots of a graph; the paths of its sources begin in `folder`.

        Calls `on_event` with each event (docs/build-events.md), and returns what the build has come
        to: its output, and what failed.
        """
        contents = {}
        sources = [
            {"derivation": key, "tree": text_of(self.tree(folder, fields["sources"], contents))}
            for key, fields in sorted(graph["derivations"].items()) if "sources" in fields
        ]
        self.upload(contents)
        document = {"graph": graph, "sources": sources}
        request = messages.BuildRequest(
            input_json=json.dumps(document, ensure_ascii=False).encode(),
            options=messages.BuildOptions(keep_going=keep_going))
        result = self.follow(self.builds.Build(request), on_event)
        if result.code:
            raise RuntimeError(result.message)
        output = result.output_json or self.read(result.output_digest)
        return json.loads(output), [json.loads(failure) for failure in result.failures]

    def follow(self, updates, on_event):
        """Reads updates until the build is over; a stream that breaks off is taken up."""
        name, last = None, 0
        while True:
            try:
                for update in updates:
                    name = update.name or name
                    kind = update.WhichOneof("update")
                    if kind == "result":
                        return update.result
                    if kind == "events":
                        for offset, line in enumerate(update.events.events):
                            last = update.events.first_number + offset
                            on_event(json.loads(line)["event"])
            except grpc.RpcError as error:
                if error.code() not in BROKEN or name is None:
                    raise
            except KeyboardInterrupt:
                if name:
                    self.builds.CancelBuild(messages.CancelBuildRequest(name=name))
                raise
            updates = self.builds.WaitBuild(
                messages.WaitBuildRequest(name=name, after_number=last))

    # What the Remote Execution API is for: contents by their digests.

    def message(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))

    def call(self, service, method, request):
        descriptor = self.pool.FindServiceByName(REAPI + service).FindMethodByName(method)
        answer = message_factory.GetMessageClass(descriptor.output_type)
        return self.channel.unary_unary(
            "/%s%s/%s" % (REAPI, service, method),
            request_serializer=lambda message: message.SerializeToString(deterministic=True),
            response_deserializer=answer.FromString)(request)

    def tree(self, folder, sources, contents):
        """The digest of the sources of a derivation, as a tree of `Directory` messages."""
        root = {}
        for path in sources["paths"]:
            names = path.split("/")
            directory = root
            for name in names[:-1]:
                directory = directory.setdefault(name, {})
            whole = os.path.join(folder, path)
            if os.path.islink(whole):
                directory[names[-1]] = os.readlink(whole)
            elif os.path.isdir(whole):
                directory.setdefault(names[-1], {})
            else:
                with open(whole, "rb") as file:
                    directory[names[-1]] = (file.read(), os.access(whole, os.X_OK))
        return self.directory(root, contents)

    def directory(self, entries, contents):
        message = self.message(REAPI + "Directory")()
        # The order of the bytes of the names: without it, the message has another digest.
        for name, entry in sorted(entries.items(), key=lambda item: item[0].encode()):
            if isinstance(entry, dict):
                digest = self.directory(entry, contents)
                node = message.directories.add(name=name)
            elif isinstance(entry, str):
                message.symlinks.add(name=name, target=entry)
                continue
            else:
                content, is_executable = entry
                digest = digest_of(content)
                contents[digest] = content
                node = message.files.add(name=name, is_executable=is_executable)
            node.digest.hash, node.digest.size_bytes = digest
        encoded = message.SerializeToString(deterministic=True)
        digest = digest_of(encoded)
        contents[digest] = encoded
        return digest

    def upload(self, contents):
        """Sends the contents that the server does not have."""
        question = self.message(REAPI + "FindMissingBlobsRequest")()
        for digest in sorted(contents):
            question.blob_digests.add(hash=digest[0], size_bytes=digest[1])
        answer = self.call("ContentAddressableStorage", "FindMissingBlobs", question)
        missing = [(found.hash, found.size_bytes) for found in answer.missing_blob_digests]
        while missing:
            batch = self.message(REAPI + "BatchUpdateBlobsRequest")()
            size = 0
            while missing and (size == 0 or size + missing[-1][1] <= BATCH_BYTES):
                digest = missing.pop()
                size += digest[1] + 100
                part = batch.requests.add(data=contents[digest])
                part.digest.hash, part.digest.size_bytes = digest
                self.sent += 1
            answer = self.call("ContentAddressableStorage", "BatchUpdateBlobs", batch)
            for response in answer.responses:
                if response.status.code:
                    raise RuntimeError(response.status.message)

    def read(self, digest):
        """A content by its digest, as Bramble writes it."""
        hash, size = digest.split("/")
        request = self.message(REAPI + "BatchReadBlobsRequest")()
        request.digests.add(hash=hash, size_bytes=int(size))
        response = self.call("ContentAddressableStorage", "BatchReadBlobs", request).responses[0]
        if response.status.code:
            raise RuntimeError(response.status.message)
        return response.data
