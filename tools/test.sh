#!/bin/sh
# Runs the tests, all of them or the files that are named: sh tools/test.sh [options of node --test] [FILE...]
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

# One test file per core; node's own choice leaves a core idle.
set -- --test-concurrency="$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)" "$@"
for argument; do
  case $argument in
    *.test.ts) exec node --no-wasm-inlining --test "$@" ;;
  esac
done
exec node --no-wasm-inlining --test "$@" "{src,guests,cli,tests,tools,heap-as,bench}/**/*.test.ts"
