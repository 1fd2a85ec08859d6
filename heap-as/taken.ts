/** Second results of the last successful `take` of this instance: memory that a space has handed out. */
export abstract class Taken {
  /** How many bytes there are. */
  static bytes: u32 = 0;
}
