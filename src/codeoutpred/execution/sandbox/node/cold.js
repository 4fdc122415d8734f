// Loaded before a program that runs in a node process of its own: node --require cold.js FILE
//
// The same chance and clock as in the warm process, and a record where the fork server looks.
'use strict';
const { readFileSync, writeSync } = require('fs');
const { join } = require('path');
const { types } = require('util');
const { runInThisContext } = require('vm');
const { describe, inspectAnswer, recordText } = require('./record.js');

const RECORD = 200; // RESULT_DESCRIPTOR of child.py

runInThisContext(readFileSync(join(__dirname, 'determinism.js'), 'utf8'))(
  Number(process.env.PYTHONHASHSEED),
);

let record = null;
Object.defineProperty(globalThis, '__answer__', {
  value(value, limit) {
    const take = (settled) => {
      const text = inspectAnswer(settled);
      record ??= text.length > limit ? recordText('output_limit') : recordText('ok', text);
    };
    if (types.isPromise(value)) value.then(take);
    else take(value);
  },
});
process.on('uncaughtExceptionMonitor', (error) => {
  record = recordText('exception', ...describe(error));
});
process.on('exit', (code) => {
  if (record !== null && (code === 0 || record.startsWith('exception'))) writeSync(RECORD, record);
});
