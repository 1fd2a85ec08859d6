#!/bin/sh
# Compiles the collectors: heap-as/ -> build/heap.wasm. Does nothing when that file was made of the sources that are there.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

exec node tools/build-heap.ts
