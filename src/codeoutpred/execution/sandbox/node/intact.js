// Whether programs left the language as they found it: remember(names, others)() while they do.
//
// `names` gives the values of the names that programs find, and `others` are objects that no name
// leads to. Looked at are what these have, what they give to all that they construct, and what they
// have from others themselves.
'use strict';
const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;

exports.remember = (names, others) => {
  const first = names();
  const parts = new Set();
  for (const object of [...first, ...others])
    for (let part of [object, object.prototype])
      for (; Object(part) === part; part = getPrototypeOf(part)) parts.add(part);
  const known = [...parts].map((part) => [part, contents(part)]);
  return () => areSame(first, names()) && known.every(([part, had]) => areSame(had, contents(part)));
};

function contents(object) {
  const found = [getPrototypeOf(object), isExtensible(object)];
  for (const key of ownKeys(object)) {
    const { value, get, set } = getOwnPropertyDescriptor(object, key);
    found.push(key, get ?? value, set);
  }
  return found;
}

function areSame(one, other) {
  return one.length === other.length && one.every((value, place) => Object.is(value, other[place]));
}
