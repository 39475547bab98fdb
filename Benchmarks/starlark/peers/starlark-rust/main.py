"""Run one Starlark file on starlark-rust, through its Python binding (package starlark-pyo3).

    main.py FILE

The extended dialect is on, `struct`, `json` and `print` are predeclared; print writes to standard
error. Python's own start-up and this import are part of the process: whoever measures subtracts a
run of an empty file.
"""

import sys

import starlark


def main() -> None:
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        source = file.read()
    extensions = starlark.LibraryExtension
    predeclared = starlark.Globals.extended_by(
        [extensions.StructType, extensions.Json, extensions.Print]
    )
    program = starlark.parse(path, source, starlark.Dialect.extended())
    starlark.eval(starlark.Module(), program, predeclared)


main()
