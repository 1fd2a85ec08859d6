/**
 * What javac seldom or never writes: dynamic constants of every type, MethodHandle and MethodType constants of every kind, call sites whose
 * linkage fails, calls of MethodHandle with odd descriptors. The class with them is assembled here.
 */
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class DynamicConstants {
    public static String text = "text";
    public int number = 4;
    public final int constant = 1;
    static int made;

    private static void secret() { }

    static String target(String name, int i, long j, String s) { return name + i + j + s; }

    public static Object constant(MethodHandles.Lookup lookup, String name, Class<?> type, Object... args) throws Exception {
        System.out.println("  constant " + name + " " + type + " for " + lookup.lookupClass().getName());
        return switch (name) {
            case "int" -> -5;
            case "long" -> 1L << 40;
            case "float" -> 1.5f;
            case "double" -> -2.25;
            case "boolean" -> true;
            case "byte" -> (byte) -1;
            case "short" -> (short) -300;
            case "char" -> 'x';
            case "string" -> "s" + made++;
            case "null" -> null;
            case "array" -> new int[] {1, 2};
            case "notint" -> "not an int";
            case "checked" -> throw new Exception("checked");
            case "overflow" -> throw new StackOverflowError("mine");
            case "othertype" -> 5;
            case "args" -> {
                StringBuilder all = new StringBuilder();
                for (Object o : args) {
                    all.append(o == null ? "null" : o instanceof int[] x ? Arrays.toString(x) : o + ":" + o.getClass().getSimpleName());
                    all.append(' ');
                }
                yield all.toString();
            }
            default -> throw new Error(name);
        };
    }

    public static CallSite site(MethodHandles.Lookup lookup, String name, MethodType type, Object... args) throws Exception {
        System.out.println("  site " + name + " " + type + " " + Arrays.toString(args));
        MethodHandle handle = MethodHandles.lookup().findStatic(DynamicConstants.class, "target",
            MethodType.methodType(String.class, String.class, int.class, long.class, String.class)).bindTo(name + made++);
        return switch (name) {
            case "constant", "args" -> new ConstantCallSite(handle);
            case "mutable" -> new MutableCallSite(handle);
            case "runtime" -> throw new RuntimeException("rt");
            case "io" -> throw new IOException("io");
            case "assertion" -> throw new AssertionError("ae");
            case "linkage" -> throw new NoClassDefFoundError("nc");
            case "othertype" -> new ConstantCallSite(MethodHandles.constant(int.class, 1));
            default -> throw new Error(name);
        };
    }

    public static CallSite none(MethodHandles.Lookup lookup, String name, MethodType type) { return null; }

    // ---- a small assembler ------------------------------------------------------------------------------------------------------

    static final Map<String, Integer> entries = new LinkedHashMap<>();
    static final ByteArrayOutputStream pool = new ByteArrayOutputStream();
    static final List<byte[]> methods = new ArrayList<>();
    static final List<int[]> bootstraps = new ArrayList<>();
    static int count = 1;

    interface Body { void write(DataOutputStream out) throws IOException; }

    static int entry(String key, int slots, Body body) {
        Integer known = entries.get(key);
        if (known != null) return known;
        try {
            body.write(new DataOutputStream(pool));
        } catch (IOException e) {
            throw new Error(e);
        }
        int index = count;
        count += slots;
        entries.put(key, index);
        return index;
    }

    static int pair(int tag, int a, int b) { return entry(tag + " " + a + " " + b, 1, out -> { out.write(tag); out.writeShort(a); out.writeShort(b); }); }
    static int one(int tag, int a) { return entry(tag + " " + a, 1, out -> { out.write(tag); out.writeShort(a); }); }
    static int utf(String s) { return entry("u" + s, 1, out -> { out.write(1); out.writeUTF(s); }); }
    static int cls(String s) { return one(7, utf(s)); }
    static int string(String s) { return one(8, utf(s)); }
    static int type(String s) { return one(16, utf(s)); }
    static int named(String n, String d) { return pair(12, utf(n), utf(d)); }
    static int ref(int tag, String c, String n, String d) { return pair(tag, cls(c), named(n, d)); }
    static int handle(int kind, int ref) { return entry("h" + kind + " " + ref, 1, out -> { out.write(15); out.write(kind); out.writeShort(ref); }); }

    static int bootstrap(int handle, int... args) {
        int[] all = new int[args.length + 1];
        all[0] = handle;
        System.arraycopy(args, 0, all, 1, args.length);
        bootstraps.add(all);
        return bootstraps.size() - 1;
    }

    static int condy(String n, String d, int... args) { return pair(17, bootstrap(handle(6, ref(10, SELF, "constant", CONSTANT)), args), named(n, d)); }

    static final String SELF = "DynamicConstants", INVOKE = "java/lang/invoke/", STRING = "Ljava/lang/String;";
    static final String BEGIN = "(L" + INVOKE + "MethodHandles$Lookup;" + STRING;
    static final String CONSTANT = BEGIN + "Ljava/lang/Class;[Ljava/lang/Object;)Ljava/lang/Object;";
    static final String SITE = BEGIN + "L" + INVOKE + "MethodType;[Ljava/lang/Object;)L" + INVOKE + "CallSite;";
    static final String NONE = BEGIN + "L" + INVOKE + "MethodType;)L" + INVOKE + "CallSite;";

    static void method(String name, String descriptor, Body code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        code.write(new DataOutputStream(bytes));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(all);
        for (int part : new int[] {9, utf(name), utf(descriptor), 1, utf("Code")}) out.writeShort(part);
        out.writeInt(12 + bytes.size());
        out.writeShort(6);
        out.writeShort(6);
        out.writeInt(bytes.size());
        out.write(bytes.toByteArray());
        out.writeInt(0);
        methods.add(all.toByteArray());
    }

    /** A method that gives a constant. */
    static void loads(String name, String descriptor, int index) throws IOException {
        char c = descriptor.charAt(0);
        boolean wide = c == 'J' || c == 'D';
        int ret = wide ? (c == 'J' ? 173 : 175) : c == 'F' ? 174 : c == 'L' || c == '[' ? 176 : 172;
        method(name, "()" + descriptor, out -> { out.write(wide ? 20 : 19); out.writeShort(index); out.write(ret); });
    }

    /** A method that passes its arguments (int, long, String) to a call site. */
    static void calls(String name, int bootstrap) throws IOException {
        String descriptor = "(IJ" + STRING + ")" + STRING;
        int index = pair(18, bootstrap, named(name, descriptor));
        method("site_" + name, descriptor, out -> {
            out.write(new byte[] {26, 31, 45, (byte) 186});
            out.writeShort(index);
            out.writeShort(0);
            out.write(176);
        });
    }

    static byte[] assemble() throws IOException {
        for (String[] k : new String[][] {{"int", "I"}, {"long", "J"}, {"float", "F"}, {"double", "D"}, {"boolean", "Z"}, {"byte", "B"}, {"short", "S"}, {"char", "C"},
                {"string", STRING}, {"null", STRING}, {"array", "[I"}, {"notint", "I"}, {"checked", STRING}, {"overflow", STRING}, {"othertype", STRING}}) {
            loads("constant_" + k[0], k[1], condy(k[0], k[1]));
        }
        int one = entry("1", 1, out -> { out.write(3); out.writeInt(1); });
        int two = entry("2L", 2, out -> { out.write(5); out.writeLong(2); });
        int three = entry("3f", 1, out -> { out.write(4); out.writeFloat(3); });
        int four = entry("4d", 2, out -> { out.write(6); out.writeDouble(4); });
        loads("constant_args", STRING, condy("args", STRING, one, two, three, four, string("five"), cls("java/lang/String"), type("(I" + STRING + ")[J"),
            handle(5, ref(10, "java/lang/String", "length", "()I")), condy("int", "I"), condy("null", STRING), condy("array", "[I")));
        loads("constant_argnull", STRING, condy("args", STRING, condy("null", STRING)));
        loads("type_good", "L" + INVOKE + "MethodType;", type("(IJ[DL" + SELF + ";)V"));
        loads("type_bad", "L" + INVOKE + "MethodType;", type("(LNope;)V"));
        Object[][] handles = {
            {"virtual", 5, 10, "java/lang/String", "length", "()I"}, {"static", 6, 10, "java/lang/Integer", "parseInt", "(" + STRING + ")I"},
            {"new", 8, 10, "java/util/ArrayList", "<init>", "(I)V"}, {"interface", 9, 11, "java/util/List", "size", "()I"},
            {"interfacestatic", 6, 11, "java/util/List", "of", "()Ljava/util/List;"}, {"getstatic", 2, 9, SELF, "text", STRING},
            {"getfield", 1, 9, SELF, "number", "I"}, {"putstatic", 4, 9, SELF, "text", STRING}, {"putfield", 3, 9, SELF, "number", "I"},
            {"exact", 5, 10, INVOKE + "MethodHandle", "invokeExact", "(I)I"}, {"generic", 5, 10, INVOKE + "MethodHandle", "invoke", "(II)" + STRING},
            {"varhandle", 5, 10, INVOKE + "VarHandle", "getAndAdd", "(L" + SELF + ";I)I"}, {"missing", 5, 10, "java/lang/String", "nope", "()I"},
            {"private", 6, 10, SELF, "secret", "()V"}, {"noclass", 6, 10, "Nope", "f", "()V"}, {"wrongtag", 6, 10, "java/util/List", "of", "()Ljava/util/List;"},
            {"notstatic", 6, 10, "java/lang/String", "length", "()I"}, {"final", 3, 9, SELF, "constant", "I"},
            {"arrayclone", 5, 10, "[I", "clone", "()Ljava/lang/Object;"}, {"ofobject", 9, 11, "java/util/List", "hashCode", "()I"}};
        for (Object[] h : handles) {
            loads("handle_" + h[0], "L" + INVOKE + "MethodHandle;", handle((int) h[1], ref((int) h[2], (String) h[3], (String) h[4], (String) h[5])));
        }
        int site = handle(6, ref(10, SELF, "site", SITE));
        for (String name : new String[] {"constant", "mutable", "runtime", "io", "assertion", "linkage", "othertype"}) calls(name, bootstrap(site));
        calls("args", bootstrap(site, one, string("x"), type("()V")));
        calls("nobootstrap", bootstrap(handle(6, ref(10, SELF, "nosuch", SITE))));
        calls("nosite", bootstrap(handle(6, ref(10, SELF, "none", NONE))));
        calls("badconstant", bootstrap(site, condy("checked", STRING)));
        calls("badclass", bootstrap(site, cls("Nope")));
        String mh = "(L" + INVOKE + "MethodHandle;)V";
        method("call_unknown", mh, out -> { out.write(new byte[] {42, 1, (byte) 182}); out.writeShort(ref(10, INVOKE + "MethodHandle", "invoke", "(LNope;)V")); out.write(177); });
        method("call_basic", mh, out -> { out.write(new byte[] {42, (byte) 182}); out.writeShort(ref(10, INVOKE + "MethodHandle", "invokeBasic", "()V")); out.write(177); });
        method("call_link", mh, out -> { out.write(new byte[] {42, (byte) 184}); out.writeShort(ref(10, INVOKE + "MethodHandle", "linkToStatic", "(Ljava/lang/Object;)V")); out.write(177); });
        method("call_null", mh, out -> { out.write(new byte[] {1, (byte) 192}); out.writeShort(cls(INVOKE + "MethodHandle")); out.write(182); out.writeShort(ref(10, INVOKE + "MethodHandle", "invoke", "()V")); out.write(177); });
        int self = cls("Assembled"), parent = cls("java/lang/Object"), attribute = utf("BootstrapMethods");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(all);
        out.writeInt(0xcafebabe);
        out.writeInt(61);
        out.writeShort(count);
        out.write(pool.toByteArray());
        for (int part : new int[] {0x21, self, parent, 0, 0, methods.size()}) out.writeShort(part);
        for (byte[] m : methods) out.write(m);
        out.writeShort(1);
        out.writeShort(attribute);
        out.writeInt(2 + bootstraps.stream().mapToInt(b -> 2 + 2 * b.length).sum());
        out.writeShort(bootstraps.size());
        for (int[] b : bootstraps) {
            out.writeShort(b[0]);
            out.writeShort(b.length - 1);
            for (int i = 1; i < b.length; i++) out.writeShort(b[i]);
        }
        return all.toByteArray();
    }

    // ---- what comes of it -------------------------------------------------------------------------------------------------------

    static String chain(Throwable e) {
        StringBuilder all = new StringBuilder();
        for (; e != null; e = e.getCause()) all.append(" -> ").append(e.toString().replaceAll("@[0-9a-f]+", "@"));
        return all.toString();
    }

    static Object use(String name, MethodHandle h) throws Throwable {
        DynamicConstants o = new DynamicConstants();
        return switch (name.substring(7)) {
            case "virtual" -> h.invoke("abc");
            case "static" -> h.invoke("12");
            case "new" -> h.invoke(3);
            case "interface" -> h.invoke(List.of(1));
            case "interfacestatic", "getstatic" -> h.invoke();
            case "getfield" -> h.invoke(o);
            case "putstatic" -> { h.invoke("put"); yield text; }
            case "putfield" -> { h.invoke(o, 77); yield o.number; }
            case "exact" -> (int) h.invoke(MethodHandles.identity(int.class), 5);
            case "varhandle" -> h.invoke(MethodHandles.lookup().findVarHandle(DynamicConstants.class, "number", int.class), o, 3) + " " + o.number;
            case "arrayclone" -> ((int[]) h.invoke(new int[3])).length;
            case "ofobject" -> h.invoke(List.of());
            default -> "";
        };
    }

    public static void main(String[] args) throws Throwable {
        Class<?> assembled = MethodHandles.lookup().defineClass(assemble());
        Method[] all = assembled.getDeclaredMethods();
        Arrays.sort(all, Comparator.comparing(Method::getName));
        for (Method m : all) {
            Throwable first = null;
            for (int time = 0; time < 2; time++) {
                try {
                    Object result = switch (m.getParameterCount()) {
                        case 0 -> m.invoke(null);
                        case 1 -> m.invoke(null, MethodHandles.constant(int.class, 1));
                        default -> m.invoke(null, 1, 2L, "z");
                    };
                    String shown = result instanceof int[] x ? Arrays.toString(x) : String.valueOf(result);
                    System.out.println(m.getName() + ": " + shown + (result instanceof MethodHandle h ? " " + use(m.getName(), h) : ""));
                } catch (InvocationTargetException e) {
                    System.out.println(m.getName() + chain(e.getCause()) + (time == 0 ? "" : e.getCause() == first ? " same" : " another"));
                    first = e.getCause();
                }
            }
        }
    }
}
