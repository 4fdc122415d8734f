// `process` and `performance` of a program: (services) -> what is in the object at the end.
(function (services) {
  'use strict';
  const { host, clock, leave, end, write, nextTick } = services;
  const { apply } = Reflect;
  const { defineProperty } = Object;
  const { push } = Array.prototype;
  let exitCode;

  // Both are made when they are first asked for: few programs do.
  let process;
  let performance;
  const exitListeners = { __proto__: null, beforeExit: [], exit: [] };

  function makeProcess() {
    const real = host.process;
    const made = {
      title: 'node',
      version: real.version,
      versions: { ...real.versions },
      arch: real.arch,
      platform: real.platform,
      release: { name: 'node' },
      argv: [...real.argv],
      execArgv: [],
      env: { ...real.env },
      execPath: real.argv[0],
      exitCode: undefined,
      stdout: {
        write(chunk, encoding, done = encoding) {
          if (typeof chunk !== 'string') leave();
          write(chunk);
          if (typeof done === 'function') nextTick(done);
          return true;
        },
      },
      stderr: {
        write(chunk, encoding, done = encoding) {
          if (typeof done === 'function') nextTick(done);
          return true;
        },
      },
      nextTick,
      exit(code = made.exitCode) {
        exitCode = made.exitCode = code ?? 0;
        emit('exit', exitCode);
        end('exit');
      },
      cwd: () => real.directory,
      uptime: () => clock.elapsed() / 1000,
      hrtime: Object.assign(
        ([seconds, nanoseconds] = [0, 0]) => {
          const now = clock.elapsed();
          const rest = (now % 1000) * 1e6 - nanoseconds;
          const borrowed = rest < 0 ? 1 : 0;
          return [Math.trunc(now / 1000) - seconds - borrowed, rest + borrowed * 1e9];
        },
        { bigint: () => BigInt(clock.elapsed()) * 1_000_000n },
      ),
      on,
      once: on,
      addListener: on,
    };
    for (const part of [made.stdout, made.stderr]) hide(part, real.streamNames);
    return hide(made, real.names);
  }

  function makePerformance() {
    return hide({ now: clock.elapsed, timeOrigin: 0 }, host.performanceNames);
  }

  function late(name, get) {
    const set = (value) => {
      const open = { writable: true, enumerable: true, configurable: true };
      defineProperty(globalThis, name, { value, ...open });
    };
    return { get, set, configurable: true };
  }

  // The names that are not here: to touch one is to leave.
  function hide(object, names) {
    for (const name of names)
      if (!(name in object)) defineProperty(object, name, { get: leave, configurable: true });
    return object;
  }

  function on(event, listener) {
    if (!(event in exitListeners)) leave();
    apply(push, exitListeners[event], [listener]);
    return this;
  }

  function emit(event, code) {
    for (const listener of exitListeners[event]) apply(listener, process, [code]);
  }

  // Runs when the loop is empty; afterwards it may not be, and `turn` says so.
  function beforeExit() {
    if (exitListeners.beforeExit.length > 0) emit('beforeExit', process.exitCode ?? 0);
  }

  function finish() {
    if (exitListeners.exit.length > 0) emit('exit', process.exitCode ?? 0);
    exitCode ??= process?.exitCode;
  }

  return {
    late: {
      process: late('process', () => (process ??= makeProcess())),
      performance: late('performance', () => (performance ??= makePerformance())),
    },
    beforeExit,
    finish,
    exitCode: () => exitCode,
    isAsNew: () => process === undefined && performance === undefined,
  };
})
