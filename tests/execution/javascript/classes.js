class Point { constructor(x, y) { this.x = x; this.y = y; } #secret = 1; static origin = 0; get r() { return 1 } }
class Point3 extends Point { constructor() { super(1, 2); this.z = {deep: {er: {est: 1}}}; } }
console.log(new Point(1, 2), new Point3(), [new Point(3, 4)], Point, Point3, {Point});
class Named { get [Symbol.toStringTag]() { return 'Custom' } } console.log(new Named(), Object.assign(new Named(), {a: 1}));
class Anonymous { static name = 5 } console.log(new Anonymous(), new (class {})(), new (class { a = 1 })());
function Old(a) { this.a = a } console.log(new Old(1), Old, new Old(new Old(2)));
Old.prototype.constructor = undefined; console.log(new Old(1));
class Text { toString() { return 'text!' } } console.log(`${new Text()}`, '' + new Text(), new Text(), '%s', new Text());
console.log('%s', new Text(), String(new Text()), [new Text()].join());
class Price { valueOf() { return 5 } toJSON() { return 'five' } } console.log(new Price() * 2, JSON.stringify([new Price()]));
function fn() {} fn.extra = {a: 1}; console.log(fn, [fn], Object.assign(() => {}, {b: 2}), function () {}, Math.max, class {});
console.log(function* gen() {}, async function af() {}, async function* ag() {}, (function* () {})(), fn.bind(null));
console.log(new Date(0), [new Date(NaN)], /a+/gi, [/x/u], Promise.resolve(4), Promise.reject(new Error('r')).catch(() => 1), (async () => {})(), new Promise(() => {}));
console.log(Math, JSON, Reflect, globalThis.Atomics, Intl, Symbol, new Intl.NumberFormat('en').format(1234567.891));
console.log(arguments.length, typeof require, typeof module, typeof exports, this === module.exports, require.main === module);
