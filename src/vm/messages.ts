/**
 * Texts from the host to the VM thread. The VM thread sleeps on a futex and has no event loop, so they lie in shared memory:
 * a stack of malloc'd records, to which the host pushes and from which the VM thread takes all at once (no ABA). Then the doorbell rings.
 */
import type { Heap } from "#heap";
import { CONTROL_DOORBELL, CONTROL_MESSAGES } from "#layout";
import type { Memory } from "#memory";

const MESSAGE_NEXT = 0;
const MESSAGE_BYTES = 4;
const MESSAGE_TEXT = 8;

/** Sends a text. Any Worker of the VM may do it, and its host. Throws a Bug when non-moving memory is used up. */
export function sendMessage(heap: Heap, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const record = heap.malloc(MESSAGE_TEXT + bytes.length);
  heap.setWord(record + MESSAGE_BYTES, bytes.length);
  heap.copyIn(record + MESSAGE_TEXT, bytes);
  for (;;) {
    const head = heap.atomicLoad(CONTROL_MESSAGES);
    heap.setWord(record + MESSAGE_NEXT, head);
    if (heap.atomicCas(CONTROL_MESSAGES, head, record) === head) break;
  }
  heap.atomicAdd(CONTROL_DOORBELL, 1);
  heap.notify(CONTROL_DOORBELL);
}

/** Takes what was sent, oldest first. */
export function takeMessages(mem: Memory, heap: Heap): string[] {
  const texts: string[] = [];
  let record = mem.atomicSwap(CONTROL_MESSAGES, 0);
  while (record !== 0) {
    const bytes = mem.copyOut(record + MESSAGE_TEXT, mem.word(record + MESSAGE_BYTES));
    texts.push(new TextDecoder().decode(bytes));
    const next = mem.word(record + MESSAGE_NEXT);
    heap.free(record);
    record = next;
  }
  return texts.reverse();
}
