#!/usr/bin/env python3
"""Has a server build the greetings, in the languages named, and says what happens:

    ./submit.py 127.0.0.1:8980 en fr

It needs the packages of requirements.txt, and a server that builds:

    bramble server --folder /tmp/server --build --expose /usr/bin/busybox
"""

import json
import os
import sys

import grpc

import greetings
from build_service import BuildClient


def show(event):
    kind, fields = next(iter(event.items()))
    if kind == "logged":
        print("  " + fields["text"], end="")
    elif "name" in fields:
        print(kind, fields["name"])


def main(address, *languages):
    graph = greetings.graph(languages or sorted(greetings.WORDS))
    folder = os.path.dirname(os.path.abspath(__file__))
    client = BuildClient(address)
    try:
        output, failures = client.build(json.loads(graph.json()), folder, show)
        print("sent", client.sent)
    except grpc.RpcError as error:
        sys.exit("%s: %s" % (error.code().name, error.details()))
    finally:
        client.close()
    for failure in failures:
        print(failure["failure"]["message"])
    for built in output["built"]:
        for result in built["outputs"]:
            print(result["output"], result["name"])
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: submit.py HOST:PORT [LANGUAGE…]")
    main(*sys.argv[1:])
