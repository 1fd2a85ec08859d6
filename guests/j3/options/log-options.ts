/** -Xlog, -verbose and the old flags that became them: what is to be logged, with the words that `java` answers with. */
import { LogConfiguration, TAGS } from "#log";

/** Tags that this machine logs with, and those that other machines have and scripts name. */
const JAVA_TAGS =
  "add age alloc annotation arguments attach barrier biasedlocking blocks bot breakpoint bytecode cds census class classhisto cleanup codecache " +
  "compaction compilation condy constantpool constraints container coops cpu cset data datacreation dcmd decoder defaultmethods director dump " +
  "dynamic ergo event exceptions exit fingerprint free freelist gc handshake hashtables heap humongous ihop iklass indy init inlining install " +
  "interpreter itables jfr jit jni jvmci jvmti lambda library liveness load loader logging malloc map mark marking membername memops metadata " +
  "metaspace methodcomparator methodhandles mirror mmu module monitorinflation monitormismatch nestmates nmethod nmt normalize numa objecttagging " +
  "obsolete oldobject oom oopmap oops oopstorage os owner pagesize parser patch path perf periodic phases plab placeholders preorder preview " +
  "promotion protectiondomain ptrqueue purge record redefine ref refine region reloc remset resolve safepoint sampling scavenge sealed setting smr " +
  "stackbarrier stackmap stacktrace stackwalk start startup startuptime state stats streaming stringdedup stringtable subclass survivor suspend " +
  "sweep symboltable system table task thread throttle time timer tlab tracking trimnative unload unshareable update valuebasedclasses " +
  "verification verify vmmutex vmoperation vmthread vtables vtablestubs workgang";

export function javaLog(): LogConfiguration {
  return new LogConfiguration([...TAGS, ...JAVA_TAGS.split(" ")]);
}

/** A line of the log itself, from before there is one. */
export function logLine(level: "error" | "warning", tag: string, text: string): string {
  return text
    .split("\n")
    .map((line) => `[0.000s][${level}][${tag}] ${line}\n`)
    .join("");
}

/** What -Xlog:help prints. */
export const LOG_HELP = `-Xlog Usage: -Xlog[:[selections][:[output][:[decorators][:output-options]]]]
	 selections: tag1[+tag2...][*][=level][,...]; without * only messages with exactly these tags, with it all that have them

Available log levels:
 off, trace, debug, info, warning, error

Available log decorators: 
 time (t), utctime (utc), uptime (u), timemillis (tm), uptimemillis (um), timenanos (tn), uptimenanos (un), hostname (hn), pid (p), tid (ti), level (l), tags (tg)
 'none' for no decoration.

Log tags that have messages here:
 gc              each collection: kind, cause, heap before->after(size), pause; and which collector there is
 gc+start        its beginning
 gc+heap         its spaces, before and after
 gc+cpu          its processor time
 gc+task         its collectors, if there are several
 gc+age=debug    ages and promotion
 gc+init         the machine and the sizes of the heap
 gc+heap+exit    the heap at the end
 safepoint       each stop of all threads, and how long it took to reach it
 class+load      each class, and where it is from
 All tags of other virtual machines are taken too. 'all' is every message.

Available log outputs:
 stdout/stderr
 file=<filename>
  %p and %t in the name stand for the process and the time of the start.
  Options: filesize=.. (with K, M, G; 0: no limit) and filecount=.. (old files that are kept; 0: none)

Some examples:
 -Xlog:gc                                     collections, on standard output
 -Xlog:gc*:file=gc.log                        everything about them, in a file
 -Xlog:gc,safepoint::uptime,tid               collections and stops, other decorations
 -Xlog:gc*=debug:file=gc.log:time:filecount=9,filesize=1m
 -Xlog:disable -Xlog:class+load=info:stderr   nothing but classes, on standard error
`;
