// The frames of frames.py, read from standard input and written to standard output.
'use strict';
const { readSync, writeSync } = require('fs');
const { recordText } = require('./record.js');

const REQUEST_SIZE = 61; // <BddQQQQIII
const REPLY_SIZE = 21; // <i?dII
const ITEM_SIZE = 13; // <?III
const RESULT_SIZE = 12; // <QI
const [CALL, GROUP] = [1, 6];

// One request: the programs to run, and whether they are a group.
exports.read = () => {
  const head = read(REQUEST_SIZE);
  const [text] = [49, 53, 57].map((place) => read(head.readUInt32LE(place)));
  const isGroup = head[0] === GROUP;
  return {
    isGroup,
    maxOutput: Number(head.readBigUInt64LE(25)),
    items: isGroup ? unpackGroup(text) : [{ source: `${text}`, isCall: head[0] === CALL }],
  };
};

exports.write = ({ exitCode, ...result }) => writeReply(exitCode, printed(result), record(result));

exports.writeGroup = (results) => {
  let end = 0;
  const records = results.flatMap((result) => {
    const text = record(result);
    const head = Buffer.alloc(RESULT_SIZE);
    end += printed(result).length;
    head.writeBigUInt64LE(BigInt(end));
    head.writeUInt32LE(text.length, 8);
    return [head, text];
  });
  writeReply(0, Buffer.concat(results.map(printed)), Buffer.concat(records));
};

exports.writeReady = () => writeSync(1, 'ready\n');

function printed({ stdout = Buffer.alloc(0) }) {
  return stdout;
}

function record({ status = '', text, detail }) {
  return Buffer.from(status && recordText(status, text, detail));
}

// In a group for us each source is whole, and has its call in it.
function unpackGroup(packed) {
  const items = [];
  for (let place = 0; place < packed.length; ) {
    const isRepeated = packed[place] !== 0;
    const [source, entry, call] = [1, 5, 9].map((offset) => packed.readUInt32LE(place + offset));
    place += ITEM_SIZE;
    const text = packed.toString('utf8', place, place + source);
    place += source + entry + call;
    items.push({ source: isRepeated ? items.at(-1).source : text, isCall: entry > 0 });
  }
  return items;
}

function writeReply(exitCode, stdout, text) {
  const head = Buffer.alloc(REPLY_SIZE);
  head.writeInt32LE((exitCode & 255) << 8, 0);
  head.writeUInt32LE(stdout.length, 13);
  head.writeUInt32LE(text.length, 17);
  const frame = Buffer.concat([head, stdout, text]);
  for (let sent = 0; sent < frame.length; ) sent += writeSync(1, frame, sent);
}

function read(size) {
  const data = Buffer.allocUnsafe(size);
  for (let got = 0; got < size; ) {
    const more = readSync(0, data, got, size - got);
    if (more === 0) process.exit(0);
    got += more;
  }
  return data;
}
