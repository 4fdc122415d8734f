x = 5; console.log(globalThis.x, typeof y, x); var v = 1; console.log(globalThis.v); let Map2 = Map; const name = 'own'; console.log(name);
label: for (let i = 0; i < 3; i++) { for (;;) { if (i === 1) break label; continue label } }
const {a = 1, ...rest} = {b: 2, c: 3}; const [p, , q = 9, ...tail] = [1, 2, undefined, 4, 5]; console.log(a, rest, p, q, tail);
console.log(((...args) => args.length)(...[1, 2, 3]), null ?? 'd', undefined?.x, 0 || 'z', 2 ** 10, 7 % -3, -7 % 3, 5 / 0, 1 / -0, ~5, 1 << 31, -1 >>> 0);
var hoisted = typeof later; function later() {} console.log(hoisted, (function () { return typeof this })(), (function () { 'use strict'; return typeof this })());
console.log([10, 9, 1].sort(), ['b', 'a'].sort().reverse(), [3, 1, 2].sort((m, n) => n - m), [1, [2, [3, [4]]]].flat(Infinity));
console.log(0.1 + 0.2, (25).toString(2), (255).toString(16), parseInt('12px'), Number(''), Number('x'), +[], +{}, [] + {}, [] == false, (1234.5678).toFixed(2), 1e-7, 123456789012345680000);
console.log(typeof null, typeof undefined, typeof (() => 1), typeof 1n, void 0, 'b' + 'a' + +'a' + 'a', [1, 2, 3] + '', String([1, [2, 3]]), String({}));
console.log('abc'.at(-1), 'abc'.padStart(5, '*'), 'a-b-c'.split('-'), 'abcabc'.replaceAll('b', 'X'), ' t '.trim(), 'ß'.toUpperCase(), 'İ'.toLowerCase().length, 'a\u0301'.normalize().length);
console.log(new Date(2024, 0, 31, 12).toISOString(), new Date('2024-02-30').getTime(), new Date(2020, 1, 29).toString(), new Date(0).toLocaleString(), new Date(0).toLocaleDateString('de-DE'), (1234.5).toLocaleString(), Date.UTC(2000, 0));
console.log(new Date(2024, 5) instanceof Date, Date.name, Date.length, Object.prototype.toString.call(new Date(0)), class D extends Date {}, new (class D extends Date {})(0), Date);
switch (3) { case 1: console.log(1); case 3: console.log(3); case 4: console.log(4); break; default: console.log('d') }
console.log([..."héllo"].length, Object.entries({a: 1, b: 2}), Number.MAX_SAFE_INTEGER, Number.EPSILON > 0, Math.hypot(3, 4), Math.sign(-3), Math.trunc(-4.7), Math.round(-0.5), Math.max(), [1, 2, 3].includes(NaN));
with_block: { try { throw 1 } catch { console.log('caught') } finally { console.log('done') } }
console.log(eval('1 + 1'), new Function('a', 'return a * 2')(4), (0, eval)('typeof x'), isNaN('x'), escape('ü'), encodeURIComponent('ü /'));
let Array2 = [].constructor; console.log(Array2 === Array, [] instanceof Array, {} instanceof Object, (() => {}) instanceof Function, Array.isArray([]), Object.getPrototypeOf([]) === Array.prototype);
module.exports = {answer: 42}; console.log(module.exports, exports, __filename.endsWith('program.js'));
if (x) { return } console.log('not reached');
