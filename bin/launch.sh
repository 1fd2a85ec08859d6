# Sourced by the launchers beside it. Sets $root to the folder that has src/, guests/ and cli/ (in a package that is dist/, where they are
# compiled), and $node to a Node of version 26 or later: the one that npm installed here, or beside us when we are ourselves a dependency,
# or the machine's own when it is new enough. The launchers start it with --no-wasm-inlining: see src/threads/tiers.ts.
case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
root=${self%/bin/*}
package=${root%/dist}
if ! [ -d "$root/src" ]; then root=$root/dist; fi
if [ -x "$package/node_modules/.bin/node" ]; then
  node=$package/node_modules/.bin/node
elif [ -x "$package/../.bin/node" ]; then
  node=$package/../.bin/node
else
  node=node
  version=$(node --version 2>/dev/null) || version=v0
  version=${version#v}
  if [ "${version%%.*}" -lt 26 ]; then
    echo "${self##*/}: Node 26 is not installed here. In a checkout run: sh tools/setup.sh; in a project: npm install node@26" >&2
    exit 1
  fi
fi
