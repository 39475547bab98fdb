import ArgumentParser
import Bramble

/// The root of the command line.
struct BrambleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bramble",
        abstract: "Build software from pure recipes.",
        discussion: """
            Targets are `./path:function`, `./path`, `./...`, `module/path:function`, \
            `module/path/...`; a local path begins with `./`. Results go to standard output, all \
            else to standard error.

            EXIT STATUS:
                0  success
                1  a build failed
                2  the command line makes no sense
                3  a project's file or its evaluation is at fault
                4  tests failed
                5  nothing matched
                6  a hash or the lock file does not match
                7  built again, something else came out
                8  a time or a limit was reached
                9  another machine is needed, and cannot be used
               10  the sandbox is not available
               11  a file, the disk or the store cannot be used
               12  something would change, or differs
               13  another machine does not allow it
               14  an address cannot be listened on
              130  interrupted by Ctrl-C
            """,
        version: "bramble " + BrambleVersion.current,
        subcommands: [
            InitCommand.self, AddCommand.self, RemoveCommand.self, BuildCommand.self,
            RunCommand.self,
            TestCommand.self,
            ShellCommand.self, LogCommand.self, WhyCommand.self, DiffCommand.self,
            LockCommand.self, ListCommand.self, EvalCommand.self,
            GraphCommand.self,
            CheckCommand.self, ReplCommand.self, SchemaCommand.self, CompletionsCommand.self,
            BundleCommand.self, StoreCommand.self, CacheCommand.self, CollectCommand.self,
            ServerCommand.self, DoctorCommand.self,
            VersionCommand.self,
        ])
}
