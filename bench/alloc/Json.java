/** Text of nested objects and arrays is parsed into trees of maps, lists, strings and numbers, which are changed and printed again. */
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class Json extends Bench {
    static final class Parser {
        final String text;
        int at;

        Parser(String text) {
            this.text = text;
        }

        Object value() {
            switch (text.charAt(at)) {
                case '{': return object();
                case '[': return array();
                case '"': return string();
                case 't': at += 4; return Boolean.TRUE;
                case 'f': at += 5; return Boolean.FALSE;
                case 'n': at += 4; return null;
                default: return number();
            }
        }

        Map<String, Object> object() {
            Map<String, Object> map = new LinkedHashMap<>();
            at++;
            while (text.charAt(at) != '}') {
                String key = string();
                at++; // the colon
                map.put(key, value());
                if (text.charAt(at) == ',') at++;
            }
            at++;
            return map;
        }

        List<Object> array() {
            List<Object> list = new ArrayList<>();
            at++;
            while (text.charAt(at) != ']') {
                list.add(value());
                if (text.charAt(at) == ',') at++;
            }
            at++;
            return list;
        }

        String string() {
            StringBuilder sb = new StringBuilder();
            at++;
            for (;;) {
                char c = text.charAt(at++);
                if (c == '"') return sb.toString();
                if (c == '\\') c = text.charAt(at++);
                sb.append(c);
            }
        }

        Number number() {
            int start = at;
            while (at < text.length() && "+-.0123456789".indexOf(text.charAt(at)) >= 0) at++;
            return Long.valueOf(Long.parseLong(text, start, at, 10));
        }
    }

    static void print(StringBuilder sb, Object value) {
        if (value instanceof Map<?, ?> map) {
            sb.append('{');
            boolean first = true;
            for (Map.Entry<?, ?> e : map.entrySet()) {
                if (!first) sb.append(',');
                first = false;
                print(sb, e.getKey());
                sb.append(':');
                print(sb, e.getValue());
            }
            sb.append('}');
        } else if (value instanceof List<?> list) {
            sb.append('[');
            for (int i = 0; i < list.size(); i++) {
                if (i > 0) sb.append(',');
                print(sb, list.get(i));
            }
            sb.append(']');
        } else if (value instanceof String s) {
            sb.append('"');
            for (int i = 0; i < s.length(); i++) {
                char c = s.charAt(i);
                if (c == '"' || c == '\\') sb.append('\\');
                sb.append(c);
            }
            sb.append('"');
        } else {
            sb.append(value);
        }
    }

    static Object make(Rng rng, int depth) {
        int kind = depth == 0 ? 2 + rng.nextInt(4) : rng.nextInt(6);
        switch (kind) {
            case 0: {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int n = 3 + rng.nextInt(5); n > 0; n--) map.put("key" + rng.nextInt(40), make(rng, depth - 1));
                return map;
            }
            case 1: {
                List<Object> list = new ArrayList<>();
                for (int n = 3 + rng.nextInt(5); n > 0; n--) list.add(make(rng, depth - 1));
                return list;
            }
            case 2: return "say \"" + rng.nextInt(10_000) + "\"";
            case 3: return (long) rng.nextInt(1_000_000) - 500_000;
            case 4: return rng.nextInt(2) == 0;
            default: return rng.nextInt(3) == 0 ? null : "text without marks";
        }
    }

    /** Adds a field to each object, and counts what there is. */
    @SuppressWarnings("unchecked")
    static long visit(Object value, int depth) {
        if (value instanceof Map) {
            Map<String, Object> map = (Map<String, Object>) value;
            long sum = map.size();
            for (Object child : map.values()) sum += visit(child, depth + 1);
            map.put("depth", (long) depth);
            return sum;
        }
        if (value instanceof List) {
            long sum = 0;
            for (Object child : (List<Object>) value) sum += visit(child, depth + 1);
            return sum;
        }
        if (value instanceof Long number) return number;
        return value == null ? 1 : value.hashCode() & 0xff;
    }

    @Override public long run() {
        Rng rng = new Rng(11);
        long check = 0;
        List<Object> documents = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            List<Object> parts = new ArrayList<>();
            for (int k = 0; k < 40; k++) parts.add(make(rng, 4));
            documents.add(parts);
        }
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < documents.size(); i++) {
                StringBuilder sb = new StringBuilder();
                print(sb, documents.get(i));
                String text = sb.toString();
                Object tree = new Parser(text).value();
                check = check * 31 + text.hashCode() + visit(tree, 0);
                documents.set(i, tree);
            }
        }
        return check;
    }

    public static void main(String[] args) {
        Bench.main(new Json(), args);
    }
}
