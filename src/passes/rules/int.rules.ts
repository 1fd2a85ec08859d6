/** Rewrites of integer operations. The grammar is in ../rules.ts. Constants go to the right, so that rules need look only there. */
import { rules } from "../rules.ts";

export const intRules = rules`
  (add c x)                     => (add x c)
  (add x 0)                     => x
  (add (add x c) d)             => (add x [add c d])
  (add (sub c x) d)             => (sub [add c d] x)
  (add x (sub 0 y))             => (sub x y)
  (add (sub 0 x) y)             => (sub y x)
  (add (sub x y) y)             => x
  (add x (sub y x))             => y

  (sub x 0)                     => x
  (sub x x)                     => 0
  (sub x c)                     => (add x [sub 0 c])
  (sub c (add x d))             => (sub [sub c d] x)
  (sub c (sub d x))             => (add x [sub c d])
  (sub x (sub 0 y))             => (add x y)
  (sub (add x y) y)             => x
  (sub (add x y) x)             => y
  (sub x (sub x y))             => y

  (mul c x)                     => (mul x c)
  (mul x 0)                     => 0
  (mul x 1)                     => x
  (mul x -1)                    => (sub 0 x)
  (mul x c) if pow2(c)          => (shl x [ctz c])
  (mul (mul x c) d)             => (mul x [mul c d])
  (mul (sub 0 x) (sub 0 y))     => (mul x y)

  (sdiv x 1)                    => x
  (sdiv x -1)                   => (sub 0 x)              -- MIN / -1 is MIN here
  (srem x 1)                    => 0
  (srem x -1)                   => 0
  (udiv x 1)                    => x
  (udiv x c) if pow2(c)         => (ushr x [ctz c])
  (urem x 1)                    => 0
  (urem x c) if pow2(c)         => (and x [sub c 1])

  (and c x)                     => (and x c)
  (and x 0)                     => 0
  (and x -1)                    => x
  (and x x)                     => x
  (and (and x c) d)             => (and x [and c d])
  (and (and x y) y)             => (and x y)
  (and x (or x y))              => x
  (and x (or y x))              => x
  (and x@(load8u p) 255)        => x
  (and x@(load16u p) 65535)     => x
  (and (sext8 x) 255)           => (and x 255)
  (and (sext16 x) 65535)        => (and x 65535)
  (and x@(zext y) 0xffffffff)   => x
  (and x 1) if bool(x)          => x

  (or c x)                      => (or x c)
  (or x 0)                      => x
  (or x -1)                     => -1
  (or x x)                      => x
  (or (or x c) d)               => (or x [or c d])
  (or (or x y) y)               => (or x y)
  (or x (and x y))              => x
  (or x (and y x))              => x

  (xor c x)                     => (xor x c)
  (xor x 0)                     => x
  (xor x x)                     => 0
  (xor (xor x c) d)             => (xor x [xor c d])
  (xor (xor x y) y)             => x
  (xor (xor x y) x)             => y
  (xor x 1) if bool(x)          => (eqz x)

  (shl x 0)                     => x
  (sshr x 0)                    => x
  (ushr x 0)                    => x
  (rotl x 0)                    => x
  (rotr x 0)                    => x
  (shl 0 x)                     => 0
  (sshr 0 x)                    => 0
  (sshr -1 x)                   => -1
  (ushr 0 x)                    => 0
  (shl (shl x c) d) if distances(c d)       => (shl x [add c d])
  (ushr (ushr x c) d) if distances(c d)     => (ushr x [add c d])
  (sshr (sshr x c) d) if distances(c d)     => (sshr x [add c d])
  (sshr (shl x 24) 24) if i32(x)            => (sext8 x)
  (sshr (shl x 16) 16) if i32(x)            => (sext16 x)
  (sshr (shl x 56) 56) if i64(x)            => (sext8 x)
  (sshr (shl x 48) 48) if i64(x)            => (sext16 x)
  (sshr (shl x 32) 32) if i64(x)            => (sext32 x)
  (ushr (shl x c) c)                        => (and x [ushr -1 c])
  (shl (ushr x c) c)                        => (and x [shl -1 c])
  (shl (sshr x c) c)                        => (and x [shl -1 c])

  (sext8 x@(sext8 y))           => x
  (sext8 x@(load8s p))          => x
  (sext8 (sext16 x))            => (sext8 x)
  (sext8 (sext32 x))            => (sext8 x)
  (sext8 (and x 255))           => (sext8 x)
  (sext16 x@(sext16 y))         => x
  (sext16 x@(sext8 y))          => x
  (sext16 x@(load8s p))         => x
  (sext16 x@(load8u p))         => x
  (sext16 x@(load16s p))        => x
  (sext16 (sext32 x))           => (sext16 x)
  (sext16 (and x 65535))        => (sext16 x)
  (sext32 x@(sext32 y))         => x
  (sext32 x@(sext16 y))         => x
  (sext32 x@(sext8 y))          => x
  (sext32 x@(sext y))           => x
  (sext32 (zext x))             => (sext x)

  (wrap (sext x))               => x
  (wrap (zext x))               => x
  (wrap (sext32 x))             => (wrap x)
  (wrap (and x 0xffffffff))     => (wrap x)
  (sext (wrap x))               => (sext32 x)
  (zext (wrap x))               => (and x 0xffffffff)
`;

export const compareRules = rules`
  (eq c x)                      => (eq x c)
  (ne c x)                      => (ne x c)
  (slt c x)                     => (sgt x c)
  (sle c x)                     => (sge x c)
  (sgt c x)                     => (slt x c)
  (sge c x)                     => (sle x c)
  (ult c x)                     => (ugt x c)
  (ule c x)                     => (uge x c)
  (ugt c x)                     => (ult x c)
  (uge c x)                     => (ule x c)

  (eq x x)                      => 1
  (ne x x)                      => 0
  (slt x x)                     => 0
  (sle x x)                     => 1
  (sgt x x)                     => 0
  (sge x x)                     => 1
  (ult x x)                     => 0
  (ule x x)                     => 1
  (ugt x x)                     => 0
  (uge x x)                     => 1

  (eq x 1) if bool(x)           => x
  (ne x 0) if bool(x)           => x
  (eq x 0)                      => (eqz x)
  (ne x 1) if bool(x)           => (eqz x)
  (ult x 0)                     => 0
  (uge x 0)                     => 1
  (ule x 0)                     => (eqz x)
  (ult x 1)                     => (eqz x)
  (ugt x 0)                     => (ne x 0)
  (uge x 1)                     => (ne x 0)
  (ule x -1)                    => 1
  (ugt x -1)                    => 0

  (eqz (eq x y))                => (ne x y)
  (eqz (ne x y))                => (eq x y)
  (eqz (slt x y))               => (sge x y)
  (eqz (sle x y))               => (sgt x y)
  (eqz (sgt x y))               => (sle x y)
  (eqz (sge x y))               => (slt x y)
  (eqz (ult x y))               => (uge x y)
  (eqz (ule x y))               => (ugt x y)
  (eqz (ugt x y))               => (ule x y)
  (eqz (uge x y))               => (ult x y)
  (eqz (eqz x)) if bool(x)      => x
  (eqz (feq x y))               => (fne x y)              -- the orders have no opposite: NaN
  (eqz (fne x y))               => (feq x y)
  (eqz (refeq p q))             => (refne p q)
  (eqz (refne p q))             => (refeq p q)
  (eqz (sub x y))               => (eq x y)
  (eqz (xor x y))               => (eq x y)
  (eqz (sext x))                => (eqz x)
  (eqz (zext x))                => (eqz x)
  (ne (sub x y) 0)              => (ne x y)
  (ne (xor x y) 0)              => (ne x y)
  (ne (sext x) 0)               => (ne x 0)
  (ne (zext x) 0)               => (ne x 0)
  (eq (add x c) d)              => (eq x [sub d c])
  (ne (add x c) d)              => (ne x [sub d c])
  (eq (xor x c) d)              => (eq x [xor c d])
  (ne (xor x c) d)              => (ne x [xor c d])
  (eq (sext x) (sext y))        => (eq x y)
  (ne (sext x) (sext y))        => (ne x y)
  (slt (sext x) (sext y))       => (slt x y)
  (ult (zext x) (zext y))       => (ult x y)

  (select c x y) if nonzero(c)  => x
  (select 0 x y)                => y
  (select x y y)                => y
  (select (eqz x) y z) if i32(x)       => (select x z y)
  (select (ne x 0) y z) if i32(x)      => (select x y z)
  (select x 1 0) if bool(x)     => x
  (select x 0 1)                => (eqz x)
`;
