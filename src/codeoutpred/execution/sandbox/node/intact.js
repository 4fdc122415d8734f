// Whether programs left what they share as they found it:
// watcher(names)(context, globals) -> { hasItsGlobals, isIntact }.
//
// `names` are those of the language that programs find, and `globals` what we gave to the context.
// The first of the two functions is quick. Nothing here runs code of a program: its arrays are not
// iterated, and its getters not asked.
'use strict';
const vm = require('vm');
const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;

exports.watcher = (names) => {
  const itself = new vm.Script('globalThis');
  const named = new vm.Script(`[${names.join()}]`);
  const unnamed = new vm.Script(
    `[[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator](),
      ''.matchAll(/a/g), async () => {}, function* () {}, async function* () {}]`,
  );
  return (context, globals) => {
    const global = itself.runInContext(context);
    const lookAtGlobals = () => [...contents(context), ...ownKeys(global)];
    const lookAtNames = () => [getPrototypeOf(global), ...copy(named.runInContext(context))];
    const given = [...Object.values(globals), ...Object.values(globals.console)];
    const parts = reach([...lookAtNames(), ...copy(unnamed.runInContext(context)), ...given]);
    parts.delete(global); // it takes long
    const lookAtAll = () => [...lookAtNames(), ...[...parts].flatMap(contents)];
    return { hasItsGlobals: remember(lookAtGlobals), isIntact: remember(lookAtAll) };
  };
};

// An array of a context, in one of ours.
const copy = (exports.copy = (list) => Array.from({ length: list.length }, (_, at) => list[at]));

function remember(look) {
  const before = look();
  return () => {
    const now = look();
    return before.length === now.length && before.every((value, at) => Object.is(value, now[at]));
  };
}

// The objects, what they give to all that they construct, and what they have from others.
function reach(objects) {
  const parts = new Set();
  for (const object of objects)
    for (let part of [object, object.prototype])
      for (; Object(part) === part; part = getPrototypeOf(part)) parts.add(part);
  return parts;
}

function contents(object) {
  const found = [getPrototypeOf(object), isExtensible(object)];
  for (const key of ownKeys(object)) {
    const { value, get, set } = getOwnPropertyDescriptor(object, key);
    found.push(key, get ?? value, set);
  }
  return found;
}
