// Timers and the event loop of a program: (services) -> what is in the object at the end.
//
// Simulated: a timer costs no time, and its order hangs on its delay alone.
(function (services) {
  'use strict';
  const { clock, leave, fail } = services;
  const { apply } = Reflect;
  const { then } = Promise.prototype;
  const { indexOf, push, shift, splice } = Array.prototype;
  const settled = Promise.resolve();

  // The event loop, in the order of node's phases: timers, then immediates.
  let time = 1;
  let lag = clock.lag;
  let numbered = 0;
  let used = false;
  const timers = []; // by expiry, then by age
  let immediates = [];
  let batch = [];
  const ticks = [];

  function checked(callback) {
    if (typeof callback !== 'function') leave();
    return callback;
  }

  class Timeout {
    #run;
    #delay;
    #repeats;
    #refed = true;
    #cleared = false;
    #expiry;
    #number = ++numbered;

    constructor(callback, delay, repeats, values) {
      used = true;
      this.#run = () => apply(callback, this, values);
      delay *= 1;
      this.#delay = delay >= 1 && delay <= 2 ** 31 - 1 ? Math.trunc(delay) : 1;
      this.#repeats = repeats;
      this.refresh();
    }
    refresh() {
      Timeout.remove(this);
      this.#expiry = time + this.#delay;
      let place = timers.length;
      while (place > 0 && timers[place - 1].#expiry > this.#expiry) place--;
      apply(splice, timers, [place, 0, this]);
      return this;
    }
    close() {
      this.#cleared = true;
      Timeout.remove(this);
      return this;
    }
    ref() {
      this.#refed = true;
      return this;
    }
    unref() {
      this.#refed = false;
      return this;
    }
    hasRef() {
      return this.#refed;
    }
    [Symbol.toPrimitive]() {
      return this.#number;
    }
    static remove(timer) {
      const place = apply(indexOf, timers, [timer]);
      if (place >= 0) apply(splice, timers, [place, 1]);
    }
    static next() {
      return timers.length > 0 ? timers[0].#expiry : Infinity;
    }
    static fire(timer) {
      Timeout.remove(timer);
      const before = timer.#expiry;
      timer.#run();
      if (timer.#repeats && timer.#expiry === before && !timer.#cleared) timer.refresh();
    }
  }

  function setTimeout(callback, delay, ...values) {
    return new Timeout(checked(callback), delay, false, values);
  }
  function setInterval(callback, delay, ...values) {
    return new Timeout(checked(callback), delay, true, values);
  }
  function clearTimeout(timer) {
    if (typeof timer === 'number' || typeof timer === 'string')
      timer = timers.find((one) => one[Symbol.toPrimitive]() === +timer);
    if (timer instanceof Timeout) timer.close();
  }
  function clearInterval(timer) {
    clearTimeout(timer);
  }

  class Immediate {
    constructor(callback, values) {
      this.run = () => apply(callback, this, values);
    }
    ref() {
      return this;
    }
    unref() {
      return this;
    }
    hasRef() {
      return true;
    }
  }
  function setImmediate(callback, ...values) {
    const immediate = new Immediate(checked(callback), values);
    used = true;
    apply(push, immediates, [immediate]);
    return immediate;
  }
  function clearImmediate(immediate) {
    if (immediate instanceof Immediate) immediate.run = null;
  }
  function queueMicrotask(callback) {
    checked(callback);
    apply(then, settled, [
      () => {
        try {
          callback();
        } catch (error) {
          fail(error);
        }
      },
    ]);
  }

  // One callback of the loop; false where nothing is left to wait for.
  function turn() {
    if (!used) return false;
    pass(lag);
    lag = 0;
    for (;;) {
      if (batch.length > 0) {
        const { run } = apply(shift, batch, []);
        if (run === null) continue;
        run();
        return true;
      }
      if (Timeout.next() <= time) {
        Timeout.fire(timers[0]);
        return true;
      }
      if (immediates.length > 0) {
        batch = immediates;
        immediates = [];
        pass(1);
      } else if (timers.some((timer) => timer.hasRef())) {
        pass(Timeout.next() - time);
      } else {
        return false;
      }
    }
  }

  function pass(milliseconds) {
    time += milliseconds;
    clock.sleep(milliseconds);
  }

  function runTicks() {
    while (ticks.length > 0) apply(shift, ticks, [])();
  }

  function nextTick(callback, ...values) {
    checked(callback);
    apply(push, ticks, [() => apply(callback, undefined, values)]);
  }

  return {
    timers: {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout,
      clearInterval,
      clearImmediate,
      queueMicrotask,
    },
    nextTick,
    runTicks,
    hasTicks: () => ticks.length > 0,
    turn,
    isAsNew: () => !used,
  };
})
