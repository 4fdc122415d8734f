// What is left of a program besides its output: a status, one line of text, and a detail.
'use strict';
const util = require('util');

const MAX_DETAIL = 300;
const ANSWER = {
  depth: Infinity,
  maxArrayLength: Infinity,
  maxStringLength: Infinity,
  breakLength: Infinity,
  compact: true,
};

// The text of a call's value: as node shows it, all of it, on one line.
exports.inspectAnswer = (value) => util.inspect(value, ANSWER);

// The class and the message of whatever was thrown.
exports.describe = (error) => {
  try {
    if (error === null || (typeof error !== 'object' && typeof error !== 'function'))
      return [error === null ? 'null' : typeof error, String(error)];
    const name = error.constructor?.name || error.name;
    return [String(name || 'Error'), String(error.message ?? '')];
  } catch {
    return ['Error', ''];
  }
};

exports.recordText = (status, text = '', detail = '') =>
  `${status}\n${text.replaceAll('\n', '\\n')}\n${detail.slice(0, MAX_DETAIL)}`;
