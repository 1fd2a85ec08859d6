/**
 * Rewrites of operations on pointers. Nothing here takes a raw address for a reference or the other way round: what lies
 * between may be a collection.
 */
import { rules } from "../rules.ts";

export const pointerRules = rules`
  (refeq p p)                   => 1
  (refne p p)                   => 0
  (refeq p null)                => (isnull p)
  (refeq null p)                => (isnull p)
  (refne null p)                => (refne p null)
  (isnull (alloc n))            => 0
  (isnull (stackaddr))          => 0
  (ptradd p 0)                  => p
  (ptradd (ptradd p c) d)       => (ptradd p [add c d])
  (rawaddr p)                   => p                      -- if it is one already
`;
