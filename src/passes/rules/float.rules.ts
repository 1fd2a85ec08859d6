/**
 * Rewrites of float operations and conversions: only what is exact for every operand, zeros of both signs included. For a NaN
 * the result may have other bits, which the IR leaves open.
 */
import { rules } from "../rules.ts";

export const floatRules = rules`
  (fmul x 1.0)                  => x
  (fmul 1.0 x)                  => x
  (fmul x -1.0)                 => (fneg x)
  (fmul -1.0 x)                 => (fneg x)
  (fdiv x 1.0)                  => x
  (fdiv x -1.0)                 => (fneg x)
  (fdiv x c) if exact_reciprocal(c)         => (fmul x [fdiv 1.0 c])
  (fadd x -0.0)                 => x                      -- but -0 + 0 is 0
  (fadd -0.0 x)                 => x
  (fsub x 0.0)                  => x
  (fsub -0.0 x)                 => (fneg x)
  (fadd x (fneg y))             => (fsub x y)
  (fadd (fneg x) y)             => (fsub y x)
  (fsub x (fneg y))             => (fadd x y)
  (fmul (fneg x) (fneg y))      => (fmul x y)
  (fdiv (fneg x) (fneg y))      => (fdiv x y)

  (fneg (fneg x))               => x
  (fabs (fneg x))               => (fabs x)
  (fabs x@(fabs y))             => x
  (fabs (fcopysign x y))        => (fabs x)
  (fcopysign x x)               => x
  (fcopysign (fneg x) y)        => (fcopysign x y)
  (fcopysign (fabs x) y)        => (fcopysign x y)
  (fmin x x)                    => x
  (fmax x x)                    => x
  (fceil x@(fceil y))           => x
  (ffloor x@(ffloor y))         => x
  (ftrunc x@(ftrunc y))         => x
  (fnearest x@(fnearest y))     => x

  (fgt x x)                     => 0
  (flt x x)                     => 0

  (bits (bits x))               => x
  (demote (promote x))          => x
  (ftos y@(stof x)) if i32(x) and f64(y)    => x
  (ftou y@(utof x)) if i32(x) and f64(y)    => x
`;
