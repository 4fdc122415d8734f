// What a program finds beside the language itself, and what becomes of it:
// (host, clock, limit, makeLoop, makeProcess) -> what is in the object at the end.
//
// Evaluated in each fresh context, for one program, or for several as long as each leaves it as it
// was (`isAsNew`). Nothing of the host's own realm is handed to the program. What
// is not here (`require`, `Buffer`, `URL`, ...) calls `leave`: the program then runs again in a
// process of its own.
(function (host, clock, limit, makeLoop, makeProcess) {
  'use strict';
  const { apply } = Reflect;
  const { assign, defineProperty, prototype: objectPrototype } = Object;
  const { hasOwnProperty } = objectPrototype;
  const { then } = Promise.prototype;
  const errors = { Error, RangeError, TypeError, SyntaxError };

  // Thrown to unwind a program that is over; whoever catches it can do nothing more.
  const STOP = { __proto__: null };
  let ended;
  let fatal;
  let answer;
  let output;
  let hostConsole;

  function end(how) {
    if (ended === '') ended = how;
    throw STOP;
  }

  function fail(error) {
    if (ended === '') {
      ended = 'exception';
      fatal = host.describe(error);
    }
  }

  function leave() {
    ended = 'leave'; // whatever came before: it happens again
    throw STOP;
  }

  // Calls into the host; an error of its realm becomes one of ours.
  function ask(service, ...values) {
    try {
      return apply(service, undefined, values); // not by the program's own iterators
    } catch (error) {
      if (ended !== '') throw STOP;
      if (host.isOurs(error)) {
        const Kind = apply(hasOwnProperty, errors, [error.name]) ? errors[error.name] : Error;
        const own = new Kind(error.message);
        if (error.code !== undefined) own.code = error.code;
        throw own;
      }
      throw error;
    }
  }

  function write(text) {
    if (ended !== '') throw STOP;
    output += text;
    if (output.length > limit) end('output_limit');
  }

  function print(values) {
    if (hostConsole) ask(host.console, 'log', values);
    else if (values.length === 1 && typeof values[0] === 'string') write(values[0] + '\n');
    else write(ask(host.format, values) + '\n');
  }

  const console = {
    log(...values) {
      print(values);
    },
    warn() {},
    dir(...all) {
      // Read once, lest it read otherwise later. What may be a function would be handed the host's
      // own objects.
      const options = { ...all[1] };
      for (const name in options) if (typeof options[name] === 'function') leave();
      all[1] = options;
      apply(viaHost('dir'), undefined, all);
    },
    time: viaHost('time'),
    timeEnd: viaHost('timeEnd'),
    timeLog: viaHost('timeLog'),
    trace() {},
    assert() {},
    clear() {},
    count: viaHost('count'),
    countReset: viaHost('countReset'),
    group: viaHost('group'),
    groupEnd: viaHost('groupEnd'),
    table: viaHost('table'),
    debug(...values) {
      print(values);
    },
    info(...values) {
      print(values);
    },
    dirxml(...values) {
      print(values);
    },
    error() {},
    groupCollapsed: viaHost('groupCollapsed'),
  };

  function viaHost(method) {
    const call = (...values) => {
      hostConsole = true;
      ask(host.console, method, values);
    };
    return defineProperty(call, 'name', { value: method });
  }

  // By this symbol node hands its own `inspect` to a program.
  const { for: symbolFor } = Symbol;
  Symbol.for = {
    for(key) {
      const name = `${key}`;
      if (name === 'nodejs.util.inspect.custom') leave();
      return symbolFor(name);
    },
  }.for;

  // These end in another thread, and nobody waits for it here.
  for (const name of ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming'])
    if (name in WebAssembly) WebAssembly[name] = { [name]: () => leave() }[name];

  function structuredClone(...values) {
    try {
      if (values.length === 1) return host.clone(values[0]);
    } catch {
      // What cannot be cloned is told best by node itself.
    }
    return leave();
  }

  // The value of a call: its text, that of what it settles to for a promise.
  function give(value) {
    const take = (settledValue) => {
      answer ??= ask(host.inspect, settledValue);
    };
    if (host.isPromise(value)) apply(then, value, [take]);
    else take(value);
  }

  // The parameters of a program.
  function begin() {
    ended = output = '';
    fatal = answer = null;
    hostConsole = false;
    const filename = host.process.argv[1];
    const module = { exports: {}, id: '.', filename, loaded: false, children: [] };
    const require = assign(() => leave(), { main: module, cache: {} });
    defineProperty(require, 'resolve', { get: leave });
    return [module.exports, require, module, filename, host.process.directory, give];
  }

  const { timers, ...loop } = makeLoop({ clock, leave, fail });
  const process = makeProcess({ host, clock, leave, end, write, nextTick: loop.nextTick });

  return {
    globals: { console, ...timers, structuredClone, global: globalThis },
    late: process.late,
    begin,
    write,
    leave,
    fail: (error) => error !== STOP && fail(error),
    runTicks: loop.runTicks,
    hasTicks: loop.hasTicks,
    turn: loop.turn,
    beforeExit: process.beforeExit,
    finish: process.finish,
    isOver: () => ended !== '',
    isAsNew: () => clock.isAsNew() && loop.isAsNew() && process.isAsNew(),
    outcome: () => ({ ended, fatal, exitCode: process.exitCode(), answer, output }),
  };
})
