/** Orders with two warehouses, each on a thread of its own. */
public class OrdersTwo extends Orders {
    OrdersTwo() {
        super(2);
    }

    public static void main(String[] args) {
        Bench.main(new OrdersTwo(), args);
    }
}
