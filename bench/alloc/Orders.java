/**
 * Order processing in three tiers, in memory: terminals that make transactions of business objects over warehouses with districts, stock and
 * customers. Each warehouse has a thread of its own; orders live until their district has had so many newer ones.
 */
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

public class Orders extends Bench {
    static final int ITEMS = 5_000;
    static final int DISTRICTS = 10;
    static final int CUSTOMERS = 300;
    static final int OPEN_ORDERS = 200;
    static final int TRANSACTIONS = 120_000;

    record Item(int id, String name, long cents) {}

    static final class Stock {
        int quantity = 50;
        long sold;
    }

    static final class Customer {
        final String name;
        long balance;
        final ArrayDeque<Payment> history = new ArrayDeque<>();
        Order last;

        Customer(String name) {
            this.name = name;
        }
    }

    record Payment(String text, long cents, int day) {}

    static final class Line {
        final Item item;
        final int quantity;
        final long cents;
        boolean delivered;

        Line(Item item, int quantity) {
            this.item = item;
            this.quantity = quantity;
            this.cents = item.cents() * quantity;
        }
    }

    static final class Order {
        final int id;
        final Customer customer;
        final List<Line> lines = new ArrayList<>();
        String carrier;

        Order(int id, Customer customer) {
            this.id = id;
            this.customer = customer;
        }

        long total() {
            return lines.stream().mapToLong(line -> line.cents).sum();
        }
    }

    static final class District {
        final Customer[] customers = new Customer[CUSTOMERS];
        final TreeMap<Integer, Order> orders = new TreeMap<>();
        final ArrayDeque<Order> waiting = new ArrayDeque<>();
        int nextOrder = 1;
    }

    static final class Warehouse implements Runnable {
        final Map<Integer, Item> items;
        final Map<Integer, Stock> stock = new HashMap<>();
        final District[] districts = new District[DISTRICTS];
        final Rng rng;
        long check;

        Warehouse(int number, Map<Integer, Item> items) {
            this.items = items;
            rng = new Rng(number);
            for (int id = 0; id < ITEMS; id++) stock.put(id, new Stock());
            for (int d = 0; d < DISTRICTS; d++) {
                District district = districts[d] = new District();
                for (int c = 0; c < CUSTOMERS; c++) district.customers[c] = new Customer("customer " + number + "/" + d + "/" + c);
            }
        }

        @Override public void run() {
            for (int i = 0; i < TRANSACTIONS; i++) {
                District district = districts[rng.nextInt(DISTRICTS)];
                int kind = rng.nextInt(100);
                if (kind < 43) newOrder(district);
                else if (kind < 86) payment(district, i);
                else if (kind < 91) orderStatus(district);
                else if (kind < 96) delivery(i);
                else stockLevel(district);
            }
        }

        void newOrder(District district) {
            Customer customer = district.customers[rng.nextInt(CUSTOMERS)];
            Order order = new Order(district.nextOrder++, customer);
            for (int n = 5 + rng.nextInt(11); n > 0; n--) {
                Item item = items.get(rng.nextInt(ITEMS));
                int quantity = 1 + rng.nextInt(10);
                Stock at = stock.get(item.id());
                at.quantity -= quantity;
                if (at.quantity < 10) at.quantity += 91;
                at.sold += quantity;
                order.lines.add(new Line(item, quantity));
            }
            customer.last = order;
            customer.balance -= order.total();
            district.orders.put(order.id, order);
            district.waiting.add(order);
            if (district.orders.size() > OPEN_ORDERS) district.orders.pollFirstEntry();
            check += screen(order).hashCode();
        }

        /** What the terminal shows of an order. */
        String screen(Order order) {
            StringBuilder sb = new StringBuilder("Order ").append(order.id).append(" of ").append(order.customer.name).append('\n');
            for (Line line : order.lines) {
                sb.append(line.item.name()).append(" x").append(line.quantity).append(' ');
                sb.append(line.cents / 100).append('.').append(line.cents % 100).append('\n');
            }
            return sb.toString();
        }

        void payment(District district, int day) {
            Customer customer = district.customers[rng.nextInt(CUSTOMERS)];
            long cents = 100 + rng.nextInt(500_000);
            customer.balance += cents;
            customer.history.addFirst(new Payment("paid " + cents + " on day " + day, cents, day));
            if (customer.history.size() > 20) check += customer.history.removeLast().cents();
        }

        void orderStatus(District district) {
            Customer customer = district.customers[rng.nextInt(CUSTOMERS)];
            if (customer.last != null) check += screen(customer.last).length() + customer.balance;
        }

        void delivery(int day) {
            for (District district : districts) {
                Order order = district.waiting.poll();
                if (order == null) continue;
                order.carrier = "carrier " + day % 10;
                for (Line line : order.lines) line.delivered = true;
                order.customer.balance += order.total();
            }
        }

        void stockLevel(District district) {
            Map<Integer, Integer> low = new HashMap<>();
            for (Order order : district.orders.tailMap(district.nextOrder - 20).values()) {
                for (Line line : order.lines) {
                    int quantity = stock.get(line.item.id()).quantity;
                    if (quantity < 20) low.put(line.item.id(), quantity);
                }
            }
            check = check * 31 + low.size();
        }
    }

    final int threads;
    final Map<Integer, Item> items = new HashMap<>();

    Orders(int threads) {
        this.threads = threads;
        Rng rng = new Rng(7);
        for (int id = 0; id < ITEMS; id++) items.put(id, new Item(id, "item " + rng.nextInt(1_000_000), 100 + rng.nextInt(10_000)));
    }

    @Override public long run() {
        Warehouse[] warehouses = new Warehouse[threads];
        Thread[] running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            warehouses[i] = new Warehouse(i + 1, items);
            running[i] = new Thread(warehouses[i]);
        }
        for (Thread thread : running) thread.start();
        long check = 0;
        try {
            for (Thread thread : running) thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        for (Warehouse warehouse : warehouses) check = check * 31 + warehouse.check;
        return check;
    }

    public static void main(String[] args) {
        Bench.main(new Orders(1), args);
    }
}
