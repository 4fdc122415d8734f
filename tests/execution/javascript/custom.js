class Shown { [Symbol.for('nodejs.util.inspect.custom')](depth, options) { return 'Shown<' + depth + '>' } }
console.log(new Shown(), {s: new Shown()}, `${[1, [2]]}`);
console.log({ [require('util').inspect.custom]: () => ({ replaced: [1, 2] }) });
