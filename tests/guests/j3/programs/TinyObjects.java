/** Classes, fields, virtual and interface calls, instanceof, a linked list. */
public class TinyObjects {
    interface Shape {
        int area();
    }

    static abstract class Named implements Shape {
        final String name;

        Named(String name) {
            this.name = name;
        }
    }

    static class Square extends Named {
        final int side;

        Square(int side) {
            super("square");
            this.side = side;
        }

        public int area() {
            return side * side;
        }
    }

    static class Rectangle extends Named {
        final int width, height;

        Rectangle(int width, int height) {
            super("rectangle");
            this.width = width;
            this.height = height;
        }

        public int area() {
            return width * height;
        }
    }

    static class Node {
        int value;
        Node next;

        Node(int value, Node next) {
            this.value = value;
            this.next = next;
        }
    }

    static int made;

    public static void main(String[] args) {
        Shape[] shapes = {new Square(4), new Rectangle(3, 5), new Square(1)};
        for (Shape s : shapes) {
            System.out.println(((Named) s).name);
            System.out.println(s.area());
            if (s instanceof Rectangle) System.out.println(((Rectangle) s).width);
        }
        Node list = null;
        for (int i = 0; i < 10; i++) {
            list = new Node(i * i, list);
            made++;
        }
        int sum = 0;
        for (Node n = list; n != null; n = n.next) sum += n.value;
        System.out.println(sum);
        System.out.println(made);
    }
}
