// jvm: -XX:SoftRefLRUPolicyMSPerMB=0
/** Soft references that are kept for no time: what was not used since the last collection goes. */
import java.lang.ref.SoftReference;

public class SoftReferencesUnused {
    static SoftReference<Object> make() {
        return new SoftReference<>(new int[100]);
    }

    public static void main(String[] args) throws Exception {
        SoftReference<Object> unused = make();
        System.gc();
        Thread.sleep(20);
        System.gc();
        Thread.sleep(20);
        System.gc();
        System.out.println(unused.get());
    }
}
