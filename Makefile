# Targets: all by itself shows this list.
#   make example   builds the commands and runs examples with them
#   make check     what CI runs: format, build with warnings as errors, tests, the peers' suites
#   make build     the commands, optimised and static, in .build/release-static/release
#   make test      the tests
#   make lint      checks the format and what the modules may import
#   make format    formats the sources
#   make packages  builds the compiler, a part of the packages of lib, the examples that use them, and tests them
#   make packages-all  the same with all packages, and looks whether each comes out the same again
#   make bench     starlark beside its peers, ten minutes; evaluation and building beside theirs
#   make fuzz      fuzzes parsing and running, ten minutes each

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
SWIFT := swift
FLAGS := --explicit-target-dependency-import-check error
STATIC := -c release --static-swift-stdlib -Xswiftc -static-executable \
    --scratch-path .build/release-static
STARLARK := .build/release-static/release/starlark
BRAMBLE := .build/release-static/release/bramble
SOURCES := Package.swift Sources Tests Fuzz/Package.swift Fuzz/Sources

.PHONY: all example check build test lint format packages packages-all bench fuzz

all:
	@sed -n '2,/^$$/p' Makefile | cut -c3-

build:
	$(SWIFT) build $(STATIC) --product starlark 2>&1 | scripts/without-linker-notes
	$(SWIFT) build $(STATIC) --product bramble 2>&1 | scripts/without-linker-notes

example: build
	$(STARLARK) examples/starlark/plan.star
	$(BRAMBLE) -C examples/python-front-end graph .:greetings
	$(BRAMBLE) -C examples/hello run .:report
	$(BRAMBLE) -C examples/hello test

check: lint test build
	Benchmarks/starlark/check-loop $(STARLARK)
	scripts/reference --bramble $(BRAMBLE) check
	scripts/check-docs --bramble $(BRAMBLE)
	scripts/peer-suites

test:
	$(SWIFT) build $(FLAGS) --build-tests
	$(SWIFT) test --skip-build --skip BrambleBuildTests --skip BuildFaultTests
	$(SWIFT) test --skip-build --filter BrambleBuildTests
	$(SWIFT) test --skip-build --filter BuildFaultTests
	scripts/test-as-user

lint:
	$(SWIFT) format lint --strict --recursive $(SOURCES)

format:
	$(SWIFT) format --in-place --recursive $(SOURCES)

packages: build
	BRAMBLE=$(CURDIR)/$(BRAMBLE) lib/ci

packages-all: build
	BRAMBLE=$(CURDIR)/$(BRAMBLE) lib/ci --all

bench: build
	Benchmarks/starlark/run --starlark $(STARLARK)
	Benchmarks/evaluation/run --bramble $(BRAMBLE)
	Benchmarks/build/run --bramble $(BRAMBLE)

fuzz:
	Fuzz/run parse
	Fuzz/run run
