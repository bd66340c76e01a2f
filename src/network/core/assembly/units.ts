/**
 * Units of work that threads take one after the other: some catalogs of a shard, through everything up to the
 * gradients of the weights. A thread begins with a shard of its own, and helps with the others' when that has
 * nothing left: neither a slow processor nor a late start then keeps the others waiting.
 *
 * Units of a shard are taken in their order, and add to its gradients in that order, so that the sums do not
 * depend on who did what.
 */
import * as op from "../opcodes";
import { operate } from "./operate";
import { awaitCount } from "./threads";

@inline
function int(at: usize, index: usize): i32 {
  return load<i32>(at + (index << 2));
}

/**
 * Takes units until none is left; returns 1 if a thread has failed, else 0.
 *
 * The operations of all units are the same but for numbers that are sums of multiples of a unit's fields. They
 * stand once behind the operation at `a`, with all fields zero, followed by the moves: triples of a word, a
 * field and a factor.
 */
export function units(a: usize, thread: i32): i32 {
  const shards = int(a, 3);
  const scratch = <usize> int(a, 8) + <usize> thread * <usize> int(a, 9);
  for (let i = 0; i < shards; i++) {
    const shard = (thread + i) % shards;
    const range = <usize> int(a, 4) + (<usize> shard << 3);
    const first = int(range, 0), number = int(range, 1);
    const counters = <usize> int(a, 5) + <usize> shard * op.COUNTER_BYTES;
    while (true) {
      const place = atomic.add<i32>(counters, 1);
      if (place >= number) break;
      const unit = <usize> int(a, 6) + <usize> (first + place) * op.UNIT_BYTES;
      prepare(a, unit, thread * int(a, 7), scratch);
      if (perform(scratch, int(a, 1), counters + op.DONE, place)) return 1;
      atomic.store<i32>(counters + op.DONE, place + 1);
      atomic.notify(counters + op.DONE, -1);
    }
  }
  return 0;
}

/** Writes the operations of a unit. */
function prepare(a: usize, unit: usize, slot: i32, to: usize): void {
  const from = a - 8 + op.OPERATION_BYTES;
  const bytes = <usize> int(a, 1) * op.OPERATION_BYTES;
  memory.copy(to, from, bytes);
  const end = from + bytes + <usize> int(a, 2) * 12;
  for (let move = from + bytes; move < end; move += 12) {
    const at = to + (<usize> int(move, 0) << 2);
    const field = int(move, 1);
    const value = field == op.SLOT_FIELD ? slot : int(unit, field);
    store<i32>(at, load<i32>(at) + value * int(move, 2));
  }
}

/** Does a unit's operations; returns 1 if a thread has failed, else 0. */
function perform(from: usize, count: i32, done: usize, place: i32): i32 {
  const end = from + <usize> count * op.OPERATION_BYTES;
  for (let at = from; at < end; at += op.OPERATION_BYTES) {
    const code = int(at, 0);
    if (code != op.AWAIT) operate(code, at + 8);
    else if (awaitCount(done, place)) return 1;
  }
  return 0;
}
