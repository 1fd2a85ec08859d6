#!/bin/sh
# Compiles the Java examples with javac and runs them on J3: sh tools/example.sh [NAME...]
set -eu
cd "$(dirname "$0")/.."

. tools/find-jdk.sh
find_jdk || { echo "example: no JDK 17; run: npm run setup" >&2; exit 1; }

mkdir -p build/examples
"$jdk/bin/javac" -d build/examples examples/java/*.java
if [ $# = 0 ]; then
  for file in examples/java/*.java; do
    name=${file##*/}
    set -- "$@" "${name%.java}"
  done
fi
for name; do
  echo
  echo "\$ bin/j3 -cp build/examples $name"
  bin/j3 -cp build/examples "$name"
done
