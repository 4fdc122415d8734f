// The warm node process: reads requests, runs each in a fresh context, writes replies. The programs
// of a group share contexts.
//
//   node [flags] serve.js WORLD < requests > replies
//
// A record of the status `leave` says that the program needs something that only a process of its
// own has. A call's source ends in a call of `__answer__` with the value. Contexts keep programs
// from disturbing each other, and one that got hold of something of this realm would find it
// frozen, and no `Function` here that makes code of text. Containment is the operating system's all
// the same.
'use strict';
const { readFileSync } = require('fs');
const { Socket } = require('net');
const { join } = require('path');
const util = require('util');
const vm = require('vm');
const { Console } = require('console');
const frames = require('./frames.js');
const { copy, watcher } = require('./intact.js');
const { describe, inspectAnswer } = require('./record.js');
const { MessageChannel, moveMessagePortToContext, receiveMessageOnPort } =
  require('worker_threads');

const WORLD = Number(process.argv[2]);
const DIRECTORY = '/work';
const PROGRAM = `${DIRECTORY}/program.js`;
const PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname', '__answer__'];
const PARTS = ['determinism.js', 'realm.js', 'loop.js', 'process.js'];
const parts = new vm.Script(
  `[${PARTS.map((name) => readFileSync(join(__dirname, name), 'utf8')).join(',')}]`,
  { filename: __dirname },
);

// A global of a context is looked up in the host first, which takes a hundred times as long as a
// variable: programs find the names of the language as variables.
const BUILT_IN = vm.runInNewContext('Object.getOwnPropertyNames(globalThis)');
const LANGUAGE = BUILT_IN.filter((name) => globalThis[name] instanceof Object)
  .filter((name) => !['globalThis', 'console', 'eval'].includes(name));
const variables = new vm.Script(
  LANGUAGE.map((name) => `let ${name} = globalThis.${name};`).join(''),
);
const drain = new vm.Script('0');
// What is left to be done when a program has thrown comes to nothing, and what it matched last.
const forget = new vm.Script("/(?:)/.test('')");
const watch = watcher(LANGUAGE);
const SETTLED = ['ok', 'exception', 'compile_error'];

let current; // what the program under way may ask for
let rejection = null;
process.on('unhandledRejection', (reason) => {
  rejection ??= { reason };
});

function namesIn(object) {
  const names = [];
  for (let part = object; part !== Object.prototype; part = Object.getPrototypeOf(part))
    names.push(...Object.getOwnPropertyNames(part));
  return names;
}

// What a realm may ask for: functions that take and give values of the program's realm.
const host = {
  process: {
    version: process.version,
    versions: process.versions,
    arch: process.arch,
    platform: process.platform,
    argv: [process.execPath, PROGRAM],
    env: { LC_ALL: process.env.LC_ALL, PATH: process.env.PATH, TZ: process.env.TZ },
    directory: DIRECTORY,
    names: namesIn(process),
    // Not those of `process.stdout`: to look at it is to change it.
    streamNames: namesIn(Socket.prototype),
  },
  performanceNames: Object.getOwnPropertyNames(Object.getPrototypeOf(performance)),
  format: (values) => Reflect.apply(util.format, util, values),
  inspect: inspectAnswer,
  describe,
  isPromise: util.types.isPromise,
  isOurs: (error) => error instanceof Error,
  console(method, values) {
    current.console ??= new Console({
      stdout: stream((text) => current.write(text)),
      stderr: stream(() => {}),
    });
    Reflect.apply(current.console[method], current.console, values);
  },
  clone(value) {
    const { port1, port2 } = new MessageChannel();
    try {
      const port = moveMessagePortToContext(port2, current.context);
      port1.postMessage(value);
      return receiveMessageOnPort(port).message;
    } finally {
      port1.close();
    }
  },
};

function stream(write) {
  const nothing = () => {};
  return { write, on: nothing, once: nothing, removeListener: nothing, listenerCount: () => 0 };
}

// Globals that only node's own realm has: on the prototype of contexts, so that they cost nothing.
const OPEN = { writable: true, enumerable: true, configurable: true };
const PROVIDED = [
  ...['console', 'global', 'performance', 'process', 'queueMicrotask', 'structuredClone'],
  ...['setTimeout', 'setInterval', 'setImmediate'],
  ...['clearTimeout', 'clearInterval', 'clearImmediate'],
];
const elsewhere = Object.create(null);
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (BUILT_IN.includes(name) || PROVIDED.includes(name)) continue;
  Object.defineProperty(elsewhere, name, {
    get: () => current.leave(),
    set(value) {
      Object.defineProperty(current.context, name, { value, ...OPEN });
    },
  });
}

// As a program of its own would show them: the frames of node's loader in the place of ours. What
// was called by any other part of ours, such as a timer, node itself calls in another way.
const LOADER = new Error().stack.split('\n').slice(2);
const OURS = [__filename, __dirname, 'node:vm'];
Error.prepareStackTrace = (error, trace) => {
  let head;
  try {
    head = Error.prototype.toString.call(error);
  } catch {
    head = '<error>';
  }
  const own = trace.findIndex((site) => OURS.includes(site.getFileName()));
  const frames = (own < 0 ? trace : trace.slice(0, own)).map((site) => `    at ${site}`);
  if (current.runs && own >= 0 && trace[own].getFileName() !== __filename) current.leave();
  return [head, ...frames, ...(own < 0 ? [] : LOADER.slice(0, trace.length - own))].join('\n');
};

function open(maxOutput) {
  const context = vm.createContext(Object.create(elsewhere), { microtaskMode: 'afterEvaluate' });
  const [determinism, realm, ...makers] = parts.runInContext(context);
  const made = realm(host, determinism(WORLD), maxOutput, ...makers);
  Object.assign(context, made.globals);
  Object.defineProperties(context, made.late);
  variables.runInContext(context);
  return { context, made };
}

// The outcome of a program in a context that is as new.
function run({ context, made }, { source, isCall }, maxOutput) {
  current = { context, write: made.write, leave: made.leave, runs: false };
  process._tickCallback(); // what programs that are over reject is nobody's
  rejection = null;
  const parameters = copy(made.begin()).slice(0, isCall ? 6 : 5);
  let main;
  try {
    const names = PARAMETERS.slice(0, parameters.length);
    main = vm.compileFunction(source.replace(/^\uFEFF/, ''), names, {
      filename: PROGRAM,
      parsingContext: context,
      importModuleDynamically: () => current.leave(),
    });
  } catch (error) {
    return { status: 'compile_error', detail: complaint(error) };
  }
  current.runs = true;
  attempt(made, () => Reflect.apply(main, parameters[0], parameters));
  const goesOn = () => attempt(made, made.turn);
  while (goesOn() || (attempt(made, made.beforeExit) && goesOn()));
  attempt(made, made.finish);
  return judge(made.outcome(), isCall, maxOutput);
}

// The results of one item, or those of a group up to the first that does not settle, or that found
// what another had changed. An item that changed what is looked at after each is the last of its
// context.
function runAll(items, maxOutput, isGroup) {
  const results = [];
  for (let isOver = false; !isOver && results.length < items.length; ) {
    const opened = open(maxOutput);
    const watched = isGroup && watch(opened.context, opened.made.globals);
    const first = results.length;
    for (const item of items.slice(first)) {
      const result = run(opened, item, maxOutput);
      isOver = isGroup && !SETTLED.includes(result.status);
      if (isOver) break;
      results.push(result);
      if (!isGroup) break;
      forget.runInContext(opened.context);
      if (!opened.made.isAsNew() || !watched.hasItsGlobals()) break;
    }
    if (results.length > first + 1 && !watched.isIntact()) return results.slice(0, first + 1);
  }
  return results;
}

// Runs one callback and what it put off; false where there was none, or the program is over.
function attempt(made, callback) {
  if (made.isOver()) return false;
  try {
    const went = callback();
    for (;;) {
      made.runTicks();
      drain.runInContext(current.context);
      if (made.isOver()) return false;
      if (made.hasTicks()) continue;
      process._tickCallback(); // tells of rejections that nobody handled
      if (rejection === null) return went !== false;
      made.fail(isError(rejection.reason) ? rejection.reason : unhandled(rejection.reason));
      return false;
    }
  } catch (error) {
    made.fail(error);
    return false;
  }
}

function judge({ ended, fatal, exitCode, answer, output }, isCall, maxOutput) {
  const stdout = Buffer.from(output, 'utf8');
  if (ended === 'leave') return { status: 'leave' };
  if (ended === 'output_limit' || stdout.length > maxOutput)
    return { status: 'output_limit', stdout };
  if (ended === 'exception' && fatal[1] === 'Array buffer allocation failed')
    return { status: 'memory', stdout };
  if (ended === 'exception')
    return { status: 'exception', text: fatal[0], detail: fatal[1], stdout };
  if (exitCode || ended === 'exit' || (isCall && answer === null)) return { exitCode, stdout };
  if (isCall && answer.length > maxOutput) return { status: 'output_limit', stdout };
  return { status: 'ok', text: isCall ? answer : '', stdout };
}

function isError(value) {
  return util.types.isNativeError(value);
}

class UnhandledPromiseRejection extends Error {}
function unhandled(reason) {
  const shown = util.inspect(reason);
  return new UnhandledPromiseRejection(`the promise rejected with the reason ${shown}`);
}

function complaint(error) {
  const place = String(error.stack).match(/program\.js:(\d+)/);
  return `${error.name}: ${error.message}${place ? ` (line ${place[1]})` : ''}`;
}

// What a program might get hold of here, it cannot change for those after it.
function freeze(part) {
  if (Object(part) !== part || Object.isFrozen(part)) return;
  Object.freeze(part);
  freeze(Object.getPrototypeOf(part));
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(part))) freeze(value);
}
for (const name of LANGUAGE) freeze(globalThis[name]);
for (const iterator of [[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator]()])
  freeze(Object.getPrototypeOf(iterator));

frames.writeReady();
for (;;) {
  const { isGroup, items, maxOutput } = frames.read();
  const results = runAll(items, maxOutput, isGroup);
  if (isGroup) frames.writeGroup(results);
  else frames.write(results[0]);
}
