/**
 * Whether one collector runs or several. What differs between them is generic in it, so one alone pays for no atomic operation:
 * each function is compiled twice, and `changetype<P>(0).several()` is a constant in both.
 */
export abstract class Team {
  abstract several(): bool;
}

export class Alone extends Team {
  @inline several(): bool {
    return false;
  }
}

export class Several extends Team {
  @inline several(): bool {
    return true;
  }
}

/** The collector that this instance of the module is: its number, 0 for whoever runs the collection, and its record. */
export abstract class Self {
  static number: u32 = 0;
  static record: usize = 0;
}
