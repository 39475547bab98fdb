/// The prose of `--help`.
enum CommandHelp {
    static let version = "starlark 0.1.0"

    static let discussion = """
        Without a file, `starlark` reads what is typed, line by line, and shows what comes of it.

        What the program prints goes to standard output; messages go to standard error. The names \
        `struct`, `module`, `json`, `math` and `argv`, the list of arguments, are predeclared. \
        `load("lib/x.star", "f")` reads a file relative to the one that it stands in, once.

        EXAMPLES:
          starlark build.star                  run a file
          starlark -c 'print(2 ** 100)'        run a text
          starlark --check lib/*.star          (one file at a time) look for mistakes only
          starlark --dialect recursion,while f.star
          starlark --limit-steps 1000000 --limit-memory 64M untrusted.star
          starlark --dialect help              list the language options

        EXIT STATUS:
          0 success; 2 wrong usage; 3 a mistake in the program, or it failed; 8 a limit was reached; \
        11 a file cannot be read or written; 70 a bug in starlark; 130 interrupted (Ctrl-C).
        """
}
