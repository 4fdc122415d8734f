class Failure extends Error { constructor(m) { super(m); this.name = 'Failure'; this.code = 7; } }
function thrower(n) { if (n) return thrower(n - 1); throw new RangeError('deep'); }
try { thrower(2) } catch (e) { console.log(e, e.message, String(e), e instanceof RangeError, e.stack.split('\n').length) }
console.log(new Error('plain'));
console.log([new TypeError('in a list')], {e: new Failure('in an object')});
console.log(new Error('outer', {cause: new Error('inner')}));
console.log(new AggregateError([new Error('one'), new Error('two')], 'many'));
console.log(Object.assign(new Error('with'), {detail: {a: 1}, list: [1, 2]}));
try { null.x } catch (e) { console.log(e.name, e.message, e.constructor === TypeError) }
try { undefinedName } catch (e) { console.log(`${e}`, e instanceof ReferenceError) }
try { JSON.parse('{bad') } catch (e) { console.log(e.name, e.message) }
try { BigInt(1.5) } catch (e) { console.log(e.name, e.message) }
try { new Array(-1) } catch (e) { console.log(e.name + ': ' + e.message) }
try { decodeURIComponent('%') } catch (e) { console.log(`${e}`) }
try { eval('let a = ;') } catch (e) { console.log(e.name, e.message, e instanceof SyntaxError) }
try { (function f() { f() })() } catch (e) { console.log(e instanceof RangeError, e.message) }
try { (function f() { console.log; f(); [1].map(f) })() } catch (e) { console.log(e instanceof RangeError) }
const bare = new Error('no stack'); bare.stack = undefined; console.log(bare);
const odd = new Error(''); odd.name = 'Odd'; console.log(odd.toString(), `${new Failure('x')}`);
const named = new Error('multi\nline'); console.log(named.message, {named});
console.log(Object.prototype.toString.call(new Error), Object.keys(new Failure('k')), typeof Error.captureStackTrace);
