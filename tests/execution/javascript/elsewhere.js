// What only a process of its own has.
const { format, inspect, promisify } = require('util');
const assert = require('assert');
const { EventEmitter } = require('events');
const fs = require('fs');
console.log(Buffer.from('héllo'), Buffer.from('ff00', 'hex').toString('base64'), [Buffer.alloc(2)]);
console.log(new URL('https://user@example.org:8080/a/b?c=d#e').searchParams, new TextEncoder().encode('é'));
console.log(format('%s %j', 'a', { b: 1 }), inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }));
try { assert.strictEqual(1, 2) } catch (e) { console.log(e.code, e.name) }
try { assert.deepEqual({ a: 1 }, { a: 2 }) } catch (e) { console.log(e.message) }
const emitter = new EventEmitter();
emitter.once('x', (...values) => console.log('got', values));
console.log(emitter.emit('x', 1, 2), emitter.emit('x'));
fs.writeFileSync('note.txt', 'kept for a while');
fs.readFile('note.txt', 'utf8', (error, text) => {
  console.log(error, text, fs.existsSync('none'));
  promisify(setTimeout)(5).then(() => console.log('slept'));
});
console.log(new AbortController().signal.aborted, typeof fetch, btoa('x'), new Event('e').type);
console.log(require('path').join('a', '..', 'b'), require('os').EOL === '\n', require('crypto').createHash('md5').update('a').digest('hex'));
