# Sourced by the launchers beside it. Sets $root to the package's folder and $node to a Node of version 26 or later: the one that npm
# installed here, or beside us when we are ourselves a dependency, or the machine's own when it is new enough.
case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
root=${self%/bin/*}
if [ -x "$root/node_modules/.bin/node" ]; then
  node=$root/node_modules/.bin/node
elif [ -x "$root/../.bin/node" ]; then
  node=$root/../.bin/node
else
  node=node
  version=$(node --version 2>/dev/null) || version=v0
  version=${version#v}
  if [ "${version%%.*}" -lt 26 ]; then
    echo "${self##*/}: Node 26 is not installed here. Run: sh $root/tools/setup.sh" >&2
    exit 1
  fi
fi
