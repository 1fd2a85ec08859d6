#!/bin/sh
# Runs the tests, all of them or the files that are named: sh tools/test.sh [options of node --test] [FILE...]
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

for argument; do
  case $argument in
    *.test.ts) exec node --test "$@" ;;
  esac
done
exec node --test "$@" "{src,guests,cli,tests,tools,heap-as,bench}/**/*.test.ts"
