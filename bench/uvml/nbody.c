#include "bench.h"

struct body { double x, y, z, vx, vy, vz, mass; };

static const double PI = 3.141592653589793, DAYS = 365.24;

static void advance(struct body *bodies, int n, double dt) {
  for (int i = 0; i < n; i++) {
    struct body *b = &bodies[i];
    for (int j = i + 1; j < n; j++) {
      struct body *c = &bodies[j];
      double dx = b->x - c->x, dy = b->y - c->y, dz = b->z - c->z;
      double d2 = dx * dx + dy * dy + dz * dz;
      double mag = dt / (d2 * sqrt(d2));
      b->vx -= dx * c->mass * mag;
      b->vy -= dy * c->mass * mag;
      b->vz -= dz * c->mass * mag;
      c->vx += dx * b->mass * mag;
      c->vy += dy * b->mass * mag;
      c->vz += dz * b->mass * mag;
    }
  }
  for (int i = 0; i < n; i++) {
    struct body *b = &bodies[i];
    b->x += dt * b->vx;
    b->y += dt * b->vy;
    b->z += dt * b->vz;
  }
}

static double energy(struct body *bodies, int n) {
  double e = 0;
  for (int i = 0; i < n; i++) {
    struct body *b = &bodies[i];
    e += 0.5 * b->mass * (b->vx * b->vx + b->vy * b->vy + b->vz * b->vz);
    for (int j = i + 1; j < n; j++) {
      struct body *c = &bodies[j];
      double dx = b->x - c->x, dy = b->y - c->y, dz = b->z - c->z;
      e -= b->mass * c->mass / sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}

static void offset(struct body *bodies, int n) {
  double px = 0, py = 0, pz = 0, solar = 4 * PI * PI;
  for (int i = 0; i < n; i++) {
    struct body *b = &bodies[i];
    px += b->vx * b->mass;
    py += b->vy * b->mass;
    pz += b->vz * b->mass;
  }
  bodies[0].vx = 0.0 - px / solar;
  bodies[0].vy = 0.0 - py / solar;
  bodies[0].vz = 0.0 - pz / solar;
}

static struct body planet(double x, double y, double z, double vx, double vy, double vz, double mass) {
  double solar = 4 * PI * PI;
  return (struct body){x, y, z, vx * DAYS, vy * DAYS, vz * DAYS, mass * solar};
}

int main(void) {
  double start = now_ms();
  struct body bodies[5] = {
      planet(0, 0, 0, 0, 0, 0, 1),
      planet(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01, 1.66007664274403694e-03,
             7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04),
      planet(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01, -2.76742510726411e-03,
             4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04),
      planet(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01, 2.96460137564761618e-03,
             2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05),
      planet(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01, 2.68067772490389322e-03,
             1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05)};
  offset(bodies, 5);
  for (int i = 0; i < 5000000; i++) advance(bodies, 5, 0.01);
  report(start, (int64_t)(energy(bodies, 5) * 1e9));
}
