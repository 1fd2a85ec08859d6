import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Each static method without parameters is run by java and by the IR's interpreter; the results are compared. No library calls. */
public class Cases {
  static int intOf(int n) { return n; }
  static long longOf(long n) { return n; }
  static float floatOf(float n) { return n; }
  static double doubleOf(double n) { return n; }
  static final int[] INTS = {0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 127, 128, 255, 256, 32767, 32768, 65535, 65536,
      Integer.MAX_VALUE, Integer.MIN_VALUE, 0x12345678, -0x12345678};
  static final long[] LONGS = {0, 1, -1, 2, -2, 63, 64, 65, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x80000000L, 0xffffffffL,
      Long.MAX_VALUE, Long.MIN_VALUE, 0x123456789abcdefL, -0x123456789abcdefL};
  static final double[] DOUBLES = {0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 1e10, -1e10, 1e19, -1e19, 1e300, 4.9e-324,
      0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 2147483647.5, -2147483648.5, 9.3e18};
  static final float[] FLOATS = {0f, -0f, 1f, -1f, 0.5f, 1.5f, -2.5f, 3e9f, -3e9f, 1e19f, 1e38f, 1.4e-45f, 0f / 0f, 1f / 0f, -1f / 0f, 16777217f};

  static long intBinary() {
    long h = 0;
    for (int a : INTS) {
      for (int b : INTS) {
        h = h * 31 + (a + b);
        h = h * 31 + (a - b);
        h = h * 31 + (a * b);
        h = h * 31 + (a & b);
        h = h * 31 + (a | b);
        h = h * 31 + (a ^ b);
        h = h * 31 + (a << b);
        h = h * 31 + (a >> b);
        h = h * 31 + (a >>> b);
        try { h = h * 31 + (a / b); } catch (ArithmeticException e) { h += 5; }
        try { h = h * 31 + (a % b); } catch (ArithmeticException e) { h += 7; }
        h = h * 31 + (a == b ? 1 : 2) + (a < b ? 3 : 4) + (a <= b ? 5 : 6) + (a > b ? 7 : 8) + (a >= b ? 9 : 10) + (a != b ? 11 : 12);
      }
    }
    return h;
  }

  static long longBinary() {
    long h = 0;
    for (long a : LONGS) {
      for (long b : LONGS) {
        h = h * 31 + (a + b);
        h = h * 31 + (a - b);
        h = h * 31 + (a * b);
        h = h * 31 + (a & b);
        h = h * 31 + (a | b);
        h = h * 31 + (a ^ b);
        h = h * 31 + (a << b);
        h = h * 31 + (a >> (int) b);
        h = h * 31 + (a >>> b);
        try { h = h * 31 + (a / b); } catch (ArithmeticException e) { h += 5; }
        try { h = h * 31 + (a % b); } catch (ArithmeticException e) { h += 7; }
        h = h * 31 + (a == b ? 1 : 2) + (a < b ? 3 : 4) + (a <= b ? 5 : 6) + (a > b ? 7 : 8) + (a >= b ? 9 : 10) + (a != b ? 11 : 12);
        boolean less = a < b, same = a == b;
        h = h * 31 + (less ? 1 : 0) + (same ? 2 : 0);
      }
    }
    return h;
  }

  static long bits(double d) { return d != d ? 99 : (long) (d * 1024) ^ (d == 0 && 1 / d < 0 ? 1 : 0); }

  static long doubleBinary() {
    long h = 0;
    for (double a : DOUBLES) {
      for (double b : DOUBLES) {
        h = h * 31 + bits(a + b);
        h = h * 31 + bits(a - b);
        h = h * 31 + bits(a * b);
        h = h * 31 + bits(a / b);
        h = h * 31 + bits(a % b);
        h = h * 31 + (a == b ? 1 : 2) + (a < b ? 3 : 4) + (a <= b ? 5 : 6) + (a > b ? 7 : 8) + (a >= b ? 9 : 10) + (a != b ? 11 : 12);
        h = h * 31 + (!(a < b) ? 3 : 4) + (!(a <= b) ? 5 : 6) + (!(a > b) ? 7 : 8) + (!(a >= b) ? 9 : 10);
      }
      h = h * 31 + bits(-a);
    }
    return h;
  }

  static long floatBinary() {
    long h = 0;
    for (float a : FLOATS) {
      for (float b : FLOATS) {
        h = h * 31 + bits(a + b);
        h = h * 31 + bits(a - b);
        h = h * 31 + bits(a * b);
        h = h * 31 + bits(a / b);
        h = h * 31 + bits(a % b);
        h = h * 31 + (a == b ? 1 : 2) + (a < b ? 3 : 4) + (a <= b ? 5 : 6) + (a > b ? 7 : 8) + (a >= b ? 9 : 10) + (a != b ? 11 : 12);
        while (a < b && h > 0) h = -h;
      }
      h = h * 31 + bits(-a);
    }
    return h;
  }

  static long conversions() {
    long h = 0;
    for (int a : INTS) h = h * 31 + (byte) a + (char) a * 3 + (short) a * 5 + (long) a * 7 + bits((float) a) + bits((double) a);
    for (long a : LONGS) h = h * 31 + (int) a + bits((float) a) + bits((double) a) + (byte) a + (char) a + (short) a;
    for (double a : DOUBLES) h = h * 31 + (int) a + (long) a * 3 + bits((float) a) + (byte) a + (char) a + (short) a;
    for (float a : FLOATS) h = h * 31 + (int) a + (long) a * 3 + bits((double) a);
    return h;
  }

  static int negations() {
    int h = 0;
    for (int a : INTS) h = h * 31 - a + ~a;
    for (long a : LONGS) h = h * 31 + (int) (-a >>> 7) + (int) ~a;
    return h;
  }

  static int dense(int n) {
    switch (n) {
      case -2: return 1;
      case -1: return 2;
      case 0: return 3;
      case 1: return 4;
      case 3: return 5;
      case 4: n += 3;
      case 5: return n;
      default: return 100;
    }
  }

  static int sparse(int n) {
    switch (n) {
      case Integer.MIN_VALUE: return 1;
      case -1000: return 2;
      case 0: return 3;
      case 1: return 4;
      case 2: return 40;
      case 3: return 41;
      case 4: return 42;
      case 5: return 43;
      case 77777: return 5;
      case 88888: return 6;
      case Integer.MAX_VALUE: return 7;
      default: return 8;
    }
  }

  static long switches() {
    long h = 0;
    for (int i = -5; i < 10; i++) h = h * 31 + dense(i);
    for (int a : INTS) h = h * 31 + dense(a) + sparse(a);
    int[] more = {Integer.MIN_VALUE, Integer.MIN_VALUE + 1, -1001, -1000, -999, 2, 3, 4, 5, 6, 77776, 77777, 88888, Integer.MAX_VALUE};
    for (int a : more) h = h * 31 + sparse(a);
    return h;
  }

  static int loops() {
    int h = 0;
    outer:
    for (int i = 0; i < 20; i++) {
      for (int j = 0; ; j++) {
        if (j == i) continue outer;
        if (i * j > 150) break outer;
        h = h * 7 + i - j;
      }
    }
    int k = 5;
    do { h += k--; } while (k > -3);
    return h;
  }

  static long collatz() {
    long best = 0;
    for (int i = 1; i < 60; i++) {
      long n = i;
      int steps = 0;
      while (n != 1) { n = (n & 1) == 0 ? n / 2 : 3 * n + 1; steps++; }
      if (steps > best) best = steps;
    }
    return best;
  }

  static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
  static int recursion() { return fib(12); }

  // ---- arrays
  static long arrays() {
    boolean[] z = new boolean[5]; byte[] b = new byte[5]; char[] c = new char[5]; short[] s = new short[5];
    int[] i = new int[5]; long[] l = new long[5]; float[] f = new float[5]; double[] d = new double[5]; Object[] o = new Object[5];
    long h = 0;
    for (int n = 0; n < 5; n++) {
      z[n] = (n & 1) == 0; b[n] = (byte) (n * 100); c[n] = (char) (n * 40000); s[n] = (short) (n * 20000);
      i[n] = n * 1000000000; l[n] = n * 5000000000000L; f[n] = n * 1.5f; d[n] = n * 2.5; o[n] = n == 2 ? null : b;
    }
    b[1]++; b[2] += 300; c[1]--; s[1] += 5; i[3] <<= 2; l[4]--; f[1] *= 3; d[1] /= 3; i[i.length - 1]++;
    for (int n = 4; n >= 0; n--) {
      h = h * 31 + (z[n] ? 1 : 0) + b[n] + c[n] + s[n] + i[n] + l[n] + (long) f[n] + (long) (d[n] * 100) + (o[n] == b ? 3 : o[n] == null ? 4 : 5);
    }
    int[] lit = {3, 4, 5};
    h = h * 31 + lit[lit[0] - 1] + lit.length;
    return h;
  }

  static int arrayErrors() {
    int h = 0;
    int[] a = new int[3];
    for (int n : new int[] {-1, 0, 2, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      try { h = h * 3 + a[n] + 1; } catch (ArrayIndexOutOfBoundsException e) { h = h * 3 + 2; }
      try { a[n] = n; h += 9; } catch (ArrayIndexOutOfBoundsException e) { h = h * 3 + 1; }
      try { a[5] = n; h += 9; } catch (ArrayIndexOutOfBoundsException e) { h = h * 3 + 1; }
    }
    int[] none = nothing();
    try { h += none[0]; } catch (NullPointerException e) { h = h * 3 + 7; }
    try { h += none.length; } catch (NullPointerException e) { h = h * 3 + 7; }
    try { none[1] = 1; } catch (NullPointerException e) { h = h * 3 + 8; }
    try { a = new int[intOf(-4)]; } catch (NegativeArraySizeException e) { h = h * 3 + 9; }
    try { Object[] x = new Object[intOf(-4)]; } catch (NegativeArraySizeException e) { h = h * 3 + 10; }
    return h + a.length;
  }
  static int[] nothing() { return null; }

  static int storeChecks() {
    int h = 0;
    Object[] strings = new Base[2];
    try { strings[0] = new Derived(); h += 1; } catch (ArrayStoreException e) { h += 100; }
    try { strings[0] = new Base(); h += 2; } catch (ArrayStoreException e) { h += 200; }
    try { strings[0] = null; h += 4; } catch (ArrayStoreException e) { h += 400; }
    try { strings[0] = new Cases(); h += 1000; } catch (ArrayStoreException e) { h += 8; }
    Object[] faces = new Face[2];
    try { faces[0] = new Derived(); h += 16; } catch (ArrayStoreException e) { h += 2000; }
    try { faces[0] = new Base(); h += 4000; } catch (ArrayStoreException e) { h += 32; }
    Object[] nested = new int[2][];
    try { nested[0] = new int[1]; h += 64; } catch (ArrayStoreException e) { h += 8000; }
    try { nested[0] = new long[1]; h += 16000; } catch (ArrayStoreException e) { h += 128; }
    return h;
  }

  static int multi() {
    int[][][] a = new int[3][4][];
    long[][] l = new long[2][3];
    a[2][3] = new int[] {1, 2, 3};
    l[1][2] = 77;
    Object[][] o = new Object[2][2];
    o[1][1] = a;
    int h = a.length * 100 + a[0].length * 10 + a[2][3].length + (a[1][1] == null ? 1000 : 0) + (int) l[1][2] + l[0].length;
    return h + (o[1][1] == a ? 5000 : 0) + (((int[][][]) o[1][1])[2][3][2] * 100000);
  }

  // ---- objects
  interface Face { int face(int n); default int twice(int n) { return face(face(n)); } static int util() { return 9; } }
  interface Other { long other(); }
  static class Base {
    int field = 3; long big = 1L << 40; byte small = -3; boolean flag = true; char letter = 'x'; short medium = -300; float real = 1.5f; double wide = 2.25; Object any = this;
    volatile int vi = 1; volatile long vl = 2; volatile byte vb = -3; volatile boolean vz = true; volatile char vc = 'c'; volatile short vs = -5; volatile float vf = 6.5f; volatile double vd = 7.5; volatile Object va = this;
    int who() { return 1; }
    private int hidden() { return 10; }
    int callHidden() { return hidden(); }
    final int fin() { return 11; }
  }
  static class Derived extends Base implements Face, Other {
    int own = 5;
    int who() { return super.who() + 1; }
    public int face(int n) { return n * 2 + 1; }
    public long other() { return own + 1L; }
  }
  static final class Last extends Derived {
    int who() { return super.who() * 10; }
    public int face(int n) { return n - 1; }
  }

  static long fields() {
    Base x = new Derived();
    long h = x.field + x.big + x.small + (x.flag ? 1 : 2) + x.letter + x.medium + (long) (x.real * 8) + (long) (x.wide * 8) + (x.any == x ? 7 : 8);
    x.field += 5; x.big <<= 3; x.small--; x.flag = !x.flag; x.letter++; x.medium *= 3; x.real /= 4; x.wide -= 1; x.any = null;
    h = h * 31 + x.field + x.big + x.small + (x.flag ? 1 : 2) + x.letter + x.medium + (long) (x.real * 8) + (long) (x.wide * 8) + (x.any == x ? 7 : 8);
    h = h * 31 + x.vi + x.vl + x.vb + (x.vz ? 1 : 2) + x.vc + x.vs + (long) (x.vf * 8) + (long) (x.vd * 8) + (x.va == x ? 7 : 8);
    x.vi += 5; x.vl <<= 3; x.vb--; x.vz = !x.vz; x.vc++; x.vs *= 3; x.vf /= 4; x.vd -= 1; x.va = null;
    h = h * 31 + x.vi + x.vl + x.vb + (x.vz ? 1 : 2) + x.vc + x.vs + (long) (x.vf * 8) + (long) (x.vd * 8) + (x.va == x ? 7 : 8);
    x.small = (byte) intOf(200); x.letter = (char) intOf(-1); x.medium = (short) intOf(40000);
    h = h * 31 + x.small + x.letter + x.medium;
    return h * 31 + x.field++ + ++x.field + x.big-- + --x.big;
  }

  static int si = 4; static long sl = 5; static double sd = 6.5; static Object sa; static volatile int svi = 3; static byte sb; static boolean sz;
  static class Holder { static int value = 7; static long stamp; static { stamp = value * 3L; trace = trace * 10 + 1; } static int get() { return value; } }
  static int trace;
  static class Lazy { static { trace = trace * 10 + 2; } static final int CONSTANT = 5; static int used = 3; }

  static long statics() {
    si++; sl *= si; sd += sl; sa = "x" == null ? null : new Base(); svi <<= 2; sb += 130; sz = !sz;
    long h = si + sl + (long) sd + (sa == null ? 1 : 2) + svi + sb + (sz ? 1 : 0);
    h = h * 31 + Lazy.CONSTANT + trace;
    h = h * 31 + Holder.get() + Holder.stamp + trace;
    h = h * 31 + Lazy.used + trace;
    Holder.value = 9;
    return h * 31 + Holder.get();
  }

  static int dispatch() {
    Base[] all = {new Base(), new Derived(), new Last()};
    int h = 0;
    for (Base x : all) {
      h = h * 31 + x.who() + x.callHidden() + x.fin();
      if (x instanceof Face) h = h * 31 + ((Face) x).face(4) + ((Face) x).twice(3) + Face.util();
      if (x instanceof Other) h = h * 31 + (int) ((Other) x).other();
      if (x instanceof Derived) h = h * 31 + ((Derived) x).own;
      h = h * 31 + (x instanceof Last ? 1 : 0);
    }
    Last last = new Last();
    return h * 31 + last.who() + last.face(2) + last.twice(9);
  }

  static int typeTests() {
    Object[] all = {null, new Base(), new Derived(), new Last(), new int[1], new Base[1], new Derived[1], new int[1][1], new Object[1], new Cases()};
    int h = 0;
    for (Object x : all) {
      h = h * 3 + (x instanceof Base ? 1 : 0); h = h * 3 + (x instanceof Derived ? 1 : 0); h = h * 3 + (x instanceof Last ? 1 : 0);
      h = h * 3 + (x instanceof Face ? 1 : 0); h = h * 3 + (x instanceof Other ? 1 : 0); h = h * 3 + (x instanceof Object ? 1 : 0);
      h = h * 3 + (x instanceof int[] ? 1 : 0); h = h * 3 + (x instanceof Base[] ? 1 : 0); h = h * 3 + (x instanceof Face[] ? 1 : 0);
      h = h * 3 + (x instanceof int[][] ? 1 : 0); h = h * 3 + (x instanceof Object[] ? 1 : 0); h = h * 3 + (x instanceof Last[] ? 1 : 0);
      try { Base y = (Base) x; h += 1; } catch (ClassCastException e) { h += 2; }
      try { Last y = (Last) x; h += 1; } catch (ClassCastException e) { h += 2; }
      try { Face y = (Face) x; h += 1; } catch (ClassCastException e) { h += 2; }
      try { int[] y = (int[]) x; h += 1; } catch (ClassCastException e) { h += 2; }
      try { Object[] y = (Object[]) x; h += 1; } catch (ClassCastException e) { h += 2; }
      try { Derived[] y = (Derived[]) x; h += 1; } catch (ClassCastException e) { h += 2; }
    }
    return h;
  }

  static int nulls() {
    int h = 0;
    Base x = null;
    Derived d = null;
    try { h += x.field; } catch (NullPointerException e) { h = h * 3 + 1; }
    try { x.field = 2; } catch (NullPointerException e) { h = h * 3 + 1; }
    try { h += x.who(); } catch (NullPointerException e) { h = h * 3 + 1; }
    try { h += x.fin(); } catch (NullPointerException e) { h = h * 3 + 1; }
    try { h += ((Face) d).face(1); } catch (NullPointerException e) { h = h * 3 + 1; }
    try { synchronized (x) { h++; } } catch (NullPointerException e) { h = h * 3 + 1; }
    try { throw null; } catch (NullPointerException e) { h = h * 3 + 1; }
    return h;
  }

  // ---- exceptions
  static class A extends RuntimeException { int code; A(int code) { this.code = code; } }
  static class B extends A { B(int code) { super(code); } }
  static class C extends Exception { }

  static int thrower(int n) throws C {
    switch (n) {
      case 0: return 1;
      case 1: throw new A(3);
      case 2: throw new B(4);
      case 3: throw new C();
      case 4: return 1 / (n - 4);
      default: throw new IllegalStateException();
    }
  }

  static int catching() {
    int h = 0;
    for (int n = 0; n < 6; n++) {
      int local = n * 3;
      try {
        local += 1;
        h = h * 31 + thrower(n);
        local += 1;
      } catch (B e) {
        h = h * 31 + e.code + 50 + local;
      } catch (A | C e) {
        h = h * 31 + 60 + local;
      } catch (ArithmeticException e) {
        h = h * 31 + 70 + local;
      } catch (RuntimeException e) {
        h = h * 31 + 80 + local;
      } finally {
        h = h * 31 + local;
      }
    }
    return h;
  }

  @SuppressWarnings("finally")
  static int finallyReturns(int n) {
    int h = n;
    try {
      try {
        if (n == 0) return h + 1;
        if (n == 1) throw new A(2);
        h += 5;
      } finally {
        h += 10;
        if (n == 2) return h;
      }
      for (int i = 0; i < 3; i++) {
        try { if (i == 1) continue; if (n == 3 && i == 2) break; h += i; } finally { h += 100; }
      }
    } catch (A e) {
      return h * 1000 + e.code;
    } finally {
      trace2 = trace2 * 3 + h;
    }
    return h;
  }
  static int trace2;

  static long finals() {
    long h = 0;
    for (int n = 0; n < 5; n++) h = h * 31 + finallyReturns(n);
    return h * 31 + trace2;
  }

  static int nested() {
    int h = 0;
    for (int i = 0; i < 4; i++) {
      try {
        try {
          if (i == 1) throw new A(1);
          if (i == 2) throw new B(2);
          h += i;
        } catch (B e) {
          h += 10;
          throw new A(7);
        } finally {
          h += 1000;
          if (i == 3) throw new B(9);
        }
      } catch (B e) {
        h += e.code * 100000;
      } catch (A e) {
        h += e.code * 100;
      }
    }
    return h;
  }

  static int retry() {
    int tries = 0;
    while (true) {
      try {
        tries++;
        if (tries < 5) throw new A(tries);
        return tries;
      } catch (A e) {
        tries += e.code > 2 ? 1 : 0;
      }
    }
  }

  // ---- monitors
  int count;
  synchronized int locked(int n) { count += n; if (n < 0) throw new A(n); return count; }
  static synchronized long lockedStatic(long n) { if (n == 0) throw new A(1); return n * 2; }
  static int monitors() {
    Cases c = new Cases();
    int h = c.locked(4);
    try { c.locked(-1); } catch (A e) { h = h * 31 + e.code; }
    try { h += lockedStatic(5); lockedStatic(0); } catch (A e) { h = h * 31 + 2; }
    synchronized (c) {
      synchronized (Cases.class) { h += c.count; }
      try { synchronized (c) { if (h != 0) throw new B(8); } } catch (A e) { h += e.code; }
    }
    return h;
  }

  // ---- stack operations
  static long[] la = {1, 2, 3};
  static int[] ia = {1, 2, 3};
  long lf; static long ls; static double ds;
  static long stackForms() {
    Cases c = new Cases();
    int n = 0;
    long h = la[n++]++ + ++la[n] + (la[2] += 5) + ia[n--]++ + ++ia[n];
    h = h * 31 + (c.lf = 5) + c.lf++ + ++c.lf + (ls += 4) + ls++;
    double d = ds = 3.5;
    h = h * 31 + (long) (d + ds++ + (ds *= 2));
    long a, b;
    a = b = la[0] = h;
    Cases e = c;
    e.count = c.count = n = 5;
    h = h * 31 + a + b + la[0] + e.count + n;
    return h + (c == e ? (h > 0 ? la[1] : 5L) : 7L) + (h < 0 ? ia[1] : (n == 5 ? 3 : 4));
  }

  // ---- bodies shorter than a call
  static class Point {
    private int x; long y; static int made;
    Point(int x) { this.x = x; y = x * 2L; }
    private int getX() { return x; }
    private void setX(int x) { this.x = x; }
    final double sum() { return x + y + 0.5; }
    final byte low() { return (byte) x; }
    int open() { return x * 5; }
    static int twice(int n) { return n << 1; }
  }
  static class Point3 extends Point { int z; Point3(int x, int z) { super(x); this.z = z; } int open() { return z; } }
  static long shortBodies() {
    Point p = new Point(300);
    p.setX(p.getX() + Point.twice(7));
    Point3 q = new Point3(5, 6);
    return p.getX() * 7 + (long) (p.sum() * 2) + p.low() + p.open() + q.open() * 1000 + ((Point) q).getX() * 100000 + q.z;
  }
  static int shortBodyOfNull() {
    Point p = null;
    try { p.setX(4); return 1; } catch (NullPointerException e) { return 2; }
  }

  static boolean narrowBoolean(int n) { return n > 3; }
  static byte narrowByte(int n) { return (byte) n; }
  static char narrowChar(int n) { return (char) n; }
  static short narrowShort(int n) { return (short) n; }
  static int narrowing() {
    int h = 0;
    for (int a : INTS) h = h * 31 + (narrowBoolean(a) ? 1 : 0) + narrowByte(a) + narrowChar(a) + narrowShort(a);
    return h;
  }

  static double math() {
    double x = 1;
    for (int i = 0; i < 50; i++) x = x - (x * x - 2) / (2 * x);
    float f = 0.1f;
    for (int i = 0; i < 10; i++) f += 0.1f;
    return x * f;
  }

  static long manyLocals() {
    int a = 1; long b = 2; float c = 3; double d = 4; Object e = null; int g = 5;
    for (int i = 0; i < 10; i++) {
      if ((i & 1) == 0) { int t = a; a = g; g = t + i; } else { long t = b; b = b * 3 + a; a += (int) t; }
      if (i % 3 == 0) { c += a; } else { d += c; e = i == 4 ? new Cases() : e; }
    }
    return a + b * 3 + (long) c + (long) d + g + (e == null ? 0 : 1000000);
  }

  static int constants() {
    long l = 0x1234567890L; float f = 3.25f; double d = -1e-3; String s = "text"; Class<?> k = Cases.class; Class<?> p = Base.class;
    return (int) l + (int) (f * 4) + (int) (d * 10000) + (s == "text" ? 1 : 0) + (k == Cases.class ? 2 : 0) + (k == (Object) p ? 4 : 8);
  }

  public static void main(String[] args) throws Exception {
    for (Method m : Cases.class.getDeclaredMethods()) {
      if (m.getParameterCount() == 0 && Modifier.isStatic(m.getModifiers()) && m.getReturnType().isPrimitive()) {
        System.out.println(m.getName() + " " + m.invoke(null));
      }
    }
  }
}
