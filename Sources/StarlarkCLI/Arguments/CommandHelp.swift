/// The prose of `--help`.
enum CommandHelp {
    static let version = "starlark 0.1.0"

    static let discussion = """
        Without a file, `starlark` reads what is typed, line by line, and shows what comes of it.

        What the program prints goes to standard output; messages go to standard error. The names \
        `struct`, `module`, `json`, `math` and `argv`, the list of arguments, are predeclared. \
        `load("lib/x.star", "f")` reads a file relative to the one that it stands in, once.

        EXAMPLES:
          starlark build.star
          starlark -c 'print(1 << 100)'
          starlark --check build.star
          starlark --dialect recursion,while search.star
          starlark --limit-steps 1000000 --limit-memory 64M untrusted.star

        EXIT STATUS:
            0  success
            2  the command line makes no sense
            3  the program has a mistake, or failed
            8  a limit was reached
           11  a file cannot be read or written
          130  interrupted by Ctrl-C
        """
}
