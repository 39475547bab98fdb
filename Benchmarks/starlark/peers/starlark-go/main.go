// Command starlark-go runs one Starlark file on go.starlark.net, with every
// optional feature of the dialect that the benchmarks may use switched on.
//
//	starlark-go FILE              run it; print writes to standard output
//	starlark-go --parse-only FILE parse, resolve and compile it, run nothing
package main

import (
	"bufio"
	"fmt"
	"os"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkjson"
	"go.starlark.net/starlarkstruct"
)

func main() {
	arguments := os.Args[1:]
	parseOnly := len(arguments) == 2 && arguments[0] == "--parse-only"
	if parseOnly {
		arguments = arguments[1:]
	}
	if len(arguments) != 1 {
		fmt.Fprintln(os.Stderr, "usage: starlark-go [--parse-only] FILE")
		os.Exit(2)
	}
	if err := run(arguments[0], parseOnly); err != nil {
		if evaluation, ok := err.(*starlark.EvalError); ok {
			fmt.Fprintln(os.Stderr, evaluation.Backtrace())
		} else {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
}

func run(file string, parseOnly bool) error {
	resolve.AllowSet = true
	resolve.AllowFloat = true
	resolve.AllowLambda = true
	resolve.AllowBitwise = true
	resolve.AllowNestedDef = true
	predeclared := starlark.StringDict{
		"struct": starlark.NewBuiltin("struct", starlarkstruct.Make),
		"json":   starlarkjson.Module,
	}
	if parseOnly {
		_, _, err := starlark.SourceProgram(file, nil, predeclared.Has)
		return err
	}
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	thread := &starlark.Thread{
		Name:  "main",
		Print: func(_ *starlark.Thread, text string) { fmt.Fprintln(output, text) },
	}
	_, err := starlark.ExecFile(thread, file, nil, predeclared)
	return err
}
