#!/bin/sh
# Brings a machine to the point where everything here runs, and says what it does. Running it again costs nothing.
#
#   sh tools/setup.sh [--quiet] [--only-node] [--with-ecj]
#
#   --quiet       nothing is printed when there is nothing to do
#   --only-node   the npm packages (Node 26 among them), without a JDK
#   --with-ecj    the Eclipse compiler too, which one of the tests runs
#
# Needs npm (any Node that npm runs on will do). Installing a JDK needs apt-get and root.
set -eu
cd "$(dirname "$0")/.."

quiet='' only_node='' with_ecj=''
for option; do
  case $option in
    --quiet) quiet=yes ;;
    --only-node) only_node=yes ;;
    --with-ecj) with_ecj=yes ;;
    *) echo "setup: unknown option $option" >&2; exit 2 ;;
  esac
done

say() { echo "setup: $*"; }
fail() {
  echo "setup: $1" >&2
  shift
  for line; do echo "       $line" >&2; done
  exit 1
}

# --- npm packages; the package named "node" is Node 26 itself -------------------------------------------------------

node_is_new() {
  version=$(node_modules/.bin/node --version 2>/dev/null) || return 1
  major=${version#v}
  [ "${major%%.*}" -ge 26 ]
}

# npm writes node_modules/.package-lock.json at the end of every installation.
if ! [ node_modules/.package-lock.json -nt package-lock.json ] || ! node_is_new; then
  # npm ci empties what a link leads to, which is the installation of another tree, and leaves a folder in the link's place.
  [ ! -L node_modules ] || fail "node_modules is a link to $(readlink node_modules), and out of date for this tree." \
    "Bring that installation up to date where it belongs, or remove the link and run this again."
  command -v npm >/dev/null || fail "npm is not installed." \
    "On Debian: apt-get install npm. Elsewhere: any Node with its npm, even an old one; Node 26 comes with the packages."
  say "installing the npm packages (npm ci), Node 26 among them: about 200 MB"
  npm ci --no-audit --no-fund --loglevel=error || fail "npm ci failed; see above."
  # An npm that does not run install scripts unasked leaves the package without its binary and without a link to it.
  if ! node_is_new; then
    say "fetching Node 26 (the package's install script did not run)"
    (cd node_modules/node && node installArchSpecificPackage.js) || true
    ln -sf ../node/bin/node node_modules/.bin/node
  fi
  node_is_new || fail "node_modules/.bin/node is not Node 26: the package \"node\" could not fetch it; see above."
  # Some installations carry the archive's times.
  touch node_modules/.package-lock.json
fi
[ -z "$only_node" ] || exit 0

# --- a JDK 17: its class library is what J3 runs on, its javac compiles the examples and tests ------------------------

. tools/find-jdk.sh

# Installs Debian packages; $1 says what for.
apt_install() {
  what=$1
  shift
  command -v apt-get >/dev/null || fail "$what is missing, and there is no apt-get to install it with." \
    "Install a JDK 17 by hand and set JAVA_HOME to its folder (the one with lib/modules and bin/javac)."
  [ "$(id -u)" = 0 ] || fail "$what is missing, and only root can install it. Run:" \
    "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" \
    "or set JAVA_HOME to the folder of a JDK 17 (the one with lib/modules and bin/javac)."
  say "installing Debian's $* ($what)"
  apt-get update || say "apt-get update failed; trying with the package lists that are there"
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
    fail "apt-get could not install $*." \
      "Set JAVA_HOME to the folder of a JDK 17 (the one with lib/modules and bin/javac)."
}

if ! find_jdk; then
  [ -z "${JAVA_HOME:-}" ] || say "JAVA_HOME ($JAVA_HOME) is not a JDK 17 with javac"
  apt_install "a JDK 17" openjdk-17-jdk-headless
  find_jdk || fail "openjdk-17-jdk-headless is installed, but no JDK 17 is to be found under /usr/lib/jvm."
fi

# --- the Eclipse compiler, on request ---------------------------------------------------------------------------------

if [ -n "$with_ecj" ] && ! [ -f /usr/share/java/ecj.jar ]; then
  apt_install "the Eclipse compiler" ecj
fi

[ -n "$quiet" ] || say "ready: Node $(node_modules/.bin/node --version), JDK 17 in $jdk"
