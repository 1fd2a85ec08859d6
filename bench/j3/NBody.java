/** Gravity among six bodies, leapfrog steps, fields of objects; the total energy must hardly change. */
public class NBody extends Bench {
    static final class Body {
        double x, y, z, vx, vy, vz;
        final double mass;

        Body(double mass, double distance, double angle, double tilt) {
            this.mass = mass;
            // On a circle about a unit mass at the origin; (c, s) is a point of the unit circle given rationally.
            double c = (1 - angle * angle) / (1 + angle * angle);
            double s = 2 * angle / (1 + angle * angle);
            double speed = distance == 0 ? 0 : 1 / Math.sqrt(distance);
            x = distance * c;
            y = distance * s;
            z = distance * tilt;
            vx = -speed * s;
            vy = speed * c;
        }
    }

    static void kick(Body[] bodies, double dt) {
        for (int i = 0; i < bodies.length; i++) {
            Body a = bodies[i];
            for (int j = i + 1; j < bodies.length; j++) {
                Body b = bodies[j];
                double dx = b.x - a.x;
                double dy = b.y - a.y;
                double dz = b.z - a.z;
                double square = dx * dx + dy * dy + dz * dz;
                double pull = dt / (square * Math.sqrt(square));
                a.vx += dx * b.mass * pull;
                a.vy += dy * b.mass * pull;
                a.vz += dz * b.mass * pull;
                b.vx -= dx * a.mass * pull;
                b.vy -= dy * a.mass * pull;
                b.vz -= dz * a.mass * pull;
            }
        }
    }

    static void drift(Body[] bodies, double dt) {
        for (Body b : bodies) {
            b.x += dt * b.vx;
            b.y += dt * b.vy;
            b.z += dt * b.vz;
        }
    }

    static double energy(Body[] bodies) {
        double e = 0;
        for (int i = 0; i < bodies.length; i++) {
            Body a = bodies[i];
            e += a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz) / 2;
            for (int j = i + 1; j < bodies.length; j++) {
                Body b = bodies[j];
                double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
                e -= a.mass * b.mass / Math.sqrt(dx * dx + dy * dy + dz * dz);
            }
        }
        return e;
    }

    @Override public long run() {
        Body[] bodies = {new Body(1, 0, 0, 0), new Body(1e-6, 1, 0.1, 0.01), new Body(3e-5, 2, -0.7, 0.02), new Body(1e-3, 5, 2, -0.03), new Body(3e-4, 9, -3, 0.01), new Body(5e-5, 19, 0.5, 0)};
        double before = energy(bodies);
        double dt = 0.001;
        for (int step = 0; step < 600_000; step++) {
            kick(bodies, dt / 2);
            drift(bodies, dt);
            kick(bodies, dt / 2);
        }
        double after = energy(bodies);
        if (Math.abs((after - before) / before) > 1e-4) throw new IllegalStateException("energy " + before + " " + after);
        return Double.doubleToLongBits(after);
    }

    public static void main(String[] args) {
        Bench.main(new NBody(), args);
    }
}
