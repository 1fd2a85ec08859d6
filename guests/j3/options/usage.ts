/** The help texts: the options that J3 has. */

export const usage = `Usage: j3 [options] <mainclass> [args...]
           (runs the main method of a class)
   or  j3 [options] <file>.class [args...]
           (runs a class file where it lies)
   or  j3 [options] -jar <jarfile> [args...]
           (runs the main class that the jar's manifest names)
   or  j3 [options] -m <module>[/<mainclass>] [args...]
       j3 [options] --module <module>[/<mainclass>] [args...]
           (runs the main class of a module)
   or  j3 [options] <file>.java [args...]
           (compiles one source file in memory and runs it)

 What follows the main class, the file or the module goes to the main method.

 where options are:

    -cp <class path>
    -classpath <class path>
    --class-path <class path>
                  folders, jars and zips to look for classes in, separated
                  by colons; folder/* stands for all jars of a folder.
                  Without it: the variable CLASSPATH, or else the current
                  folder.
    -p <module path>
    --module-path <module path>
                  folders of modules, separated by colons
    --upgrade-module-path <module path>
                  folders of modules that replace modules of the class library
    --add-modules <module>[,<module>...]
                  more modules to start from; also ALL-DEFAULT, ALL-SYSTEM
                  and ALL-MODULE-PATH
    --limit-modules <module>[,<module>...]
                  the only modules that can be found, with what they need
    --enable-native-access <module>[,<module>...]
                  modules that may use restricted methods
    --list-modules
                  print the modules that can be found, and exit
    -d <module>
    --describe-module <module>
                  print what a module says of itself, and exit
    --validate-modules
                  look for conflicts among all modules, and exit
    --show-module-resolution
                  print how the modules were resolved
    --dry-run     load the main class, but do not run it
    -D<name>=<value>
                  set a system property
    -verbose:[class|module|gc|jni]
                  print what the machine does in this matter
    -version      print the version on standard error, and exit
    --version     print the version on standard output, and exit
    -showversion  print the version on standard error, and go on
    --show-version
                  print the version on standard output, and go on
    -? -h -help   print this text on standard error
    --help        print this text on standard output
    -X            print the extra options on standard error
    --help-extra  print the extra options on standard output
    -ea[:<package>...|:<class>]
    -enableassertions[:<package>...|:<class>]
                  enable assertions: all, in a package and those below it, or
                  in a class
    -da[:<package>...|:<class>]
    -disableassertions[:<package>...|:<class>]
                  disable them
    -esa | -enablesystemassertions
                  enable assertions in the class library
    -dsa | -disablesystemassertions
                  disable them there
    @<file>       more arguments from a file
    --enable-preview
                  run classes that use preview features of Java 17

 The value of a long option can also be written as --<name>=<value>. The variables
 JDK_JAVA_OPTIONS and JAVA_TOOL_OPTIONS may hold further options.

`;

export const extraUsage = `
    -Xmx<size>        the largest size of the heap; a size is a number and
                      k, m or g
    -Xms<size>        the size of the heap at the start
    -Xmn<size>        taken, without effect
    -Xss<size>        the size of a thread's stack
    -Xint -Xcomp -Xmixed
                      how to run code: mixed is the default
    -Xlog:<what>      log what the machine does, such as gc or class+load
    -Xbootclasspath/a:<folders and jars separated by colons>
                      more classes for the boot loader
    -Xverify:<all|remote|none>
                      which classes are verified
    -Xdiag            more words with errors at the start
    -XshowSettings[:<all|vm|properties|locale|security|system>]
                      print settings, and go on
    -Xinternalversion print the version of the machine, and exit
    -Xbatch -Xcheck:jni -Xdebug -Xfuture -Xnoclassgc -Xshare:<auto|on|off>
                      taken, without effect
    -Xrs              leave SIGQUIT, SIGHUP, SIGINT and SIGTERM alone
    -XX:+<flag> -XX:-<flag> -XX:<flag>=<value>
                      set a flag; those that tune another machine are taken
                      without effect
    --add-reads <module>=<module>[,<module>...]
                      let a module read others; ALL-UNNAMED is the class path
    --add-exports <module>/<package>=<module>[,<module>...]
                      export a package to modules
    --add-opens <module>/<package>=<module>[,<module>...]
                      open a package to reflection by modules
    --patch-module <module>=<folder or jar>[:<folder or jar>...]
                      put classes into a module
    --source <version>
                      the version of Java that a source file is in

`;
