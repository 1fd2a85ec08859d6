# Sourced. find_jdk sets $jdk to the folder of a JDK 17 with its class library and javac: JAVA_HOME, the usual places, or
# where the `java` on the PATH really lies. Fails when there is none.

is_jdk17() {
  [ -f "$1/lib/modules" ] && [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="17[."]' "$1/release" 2>/dev/null
}

find_jdk() {
  java_on_path=$(command -v java 2>/dev/null) && java_on_path=$(readlink -f "$java_on_path") || java_on_path=''
  for jdk in "${JAVA_HOME:-}" /usr/lib/jvm/*17* /opt/*17* "${java_on_path%/bin/java}"; do
    if [ -n "$jdk" ] && is_jdk17 "$jdk"; then
      jdk=$(readlink -f "$jdk")
      return 0
    fi
  done
  jdk=''
  return 1
}
