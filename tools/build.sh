#!/bin/sh
# Compiles the collectors: heap-as/ -> build/heap.wasm. Does nothing when that file is newer than every source.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/node_modules/.bin:$PATH

out=build/heap.wasm
if [ -f "$out" ] && [ -z "$(find heap-as package-lock.json -newer "$out" -print | head -n 1)" ]; then
  exit 0
fi
mkdir -p build
echo "build: heap-as/ -> $out"
# Under another name first: a build that fails or is interrupted leaves no half file behind.
node node_modules/.bin/asc heap-as/index.ts --config heap-as/asconfig.json --target release --outFile "build/heap.$$.wasm"
mv "build/heap.$$.wasm" "$out"
