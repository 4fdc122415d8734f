console.log(new Map(), new Set(), new Map([['a', 1], [{k: 1}, [1, 2]]]), new Set([1, 'two', [3], new Set([4])]));
console.log(new Map([['m', new Map([['n', new Map([['o', new Map()]])]])]]));
console.log({m: new Map([[1, {a: {b: {c: 1}}}]]), s: new Set([[1, [2, [3]]]])});
console.log(new WeakMap(), new WeakSet(), new Map(Array.from({length: 4}, (_, i) => ['key number ' + i, 'value number ' + i])));
console.log(new Set(Array.from({length: 110}, (_, i) => i)));
class Registry extends Map {} console.log(new Registry([['x', 1]]), class extends Set {}, new (class Bag extends Set {})([1]));
console.log(Object.assign(new Map([[1, 2]]), {extra: true}));
const m = new Map(); m.set('self', m); console.log(m, [...m.keys()], Object.fromEntries([['a', 1]]));
console.log(Object.groupBy === undefined, [3, 1, 2].toSorted(), structuredClone(new Map([[1, new Set([2])]])));
