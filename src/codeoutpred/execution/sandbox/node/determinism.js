// Chance and the clock, the same for every program of a world: (world) -> the object at the end.
//
// Run in a realm of its own for each program. Another world has other random numbers, another
// date, and a clock that moves in other steps, so that what hangs on them comes out different.
// The clock moves by being read, so that waiting for it ends.
(function (world) {
  'use strict';
  const { imul } = Math;
  const { construct } = Reflect;
  const { defineProperties } = Object;
  const DAY = 86_400_000;
  const start = Date.UTC(2024, 4, 14, 9, 26, 53, 589) + world * (411 * DAY + 8_041_113);
  const step = 1 + 2 * world;
  let elapsed = 0;

  // Mulberry32 (T. Ettinger), two draws a number: 53 bits.
  const seed = imul(world + 1, 0x2545f491);
  let state = seed;
  function draw() {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  Math.random = {
    random() {
      return ((draw() >>> 5) * 67_108_864 + (draw() >>> 6)) / 9_007_199_254_740_992;
    },
  }.random;

  function now() {
    elapsed += step;
    return start + elapsed;
  }
  const Genuine = Date;
  const Shim = function Date(...parts) {
    if (new.target === undefined) return new Genuine(now()).toString();
    return construct(Genuine, parts.length === 0 ? [now()] : parts, new.target);
  };
  const hidden = { writable: true, configurable: true };
  defineProperties(Shim, {
    length: { value: 7 },
    prototype: { value: Genuine.prototype, writable: false },
    now: { value: { now }.now, ...hidden },
    parse: { value: Genuine.parse, ...hidden },
    UTC: { value: Genuine.UTC, ...hidden },
  });
  defineProperties(Genuine.prototype, { constructor: { value: Shim, ...hidden } });
  defineProperties(globalThis, { Date: { value: Shim, ...hidden } });

  return {
    elapsed: () => now() - start,
    sleep(milliseconds) {
      elapsed += milliseconds;
    },
    // What the program takes before the event loop: whether the shortest timer comes before what
    // is to happen at once hangs on it.
    lag: Math.min(world, 1),
    isAsNew: () => elapsed === 0 && state === seed,
  };
})
