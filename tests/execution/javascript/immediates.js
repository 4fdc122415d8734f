setTimeout(() => { setImmediate(() => console.log('b1')); setTimeout(() => console.log('c'), 50); setImmediate(() => { console.log('b2'); setImmediate(() => console.log('d')) }); console.log('a') }, 1);
const gone = setImmediate(() => console.log('no')); clearImmediate(gone);
function* walk() { const got = yield 1; console.log('got', got); yield* [2, 3]; return 4 }
const w = walk(); console.log(w.next(), w.next('v'), w.next(), w.next(), w.next());
async function* stream() { yield 'x'; await null; yield 'y' } (async () => { for await (const v of stream()) console.log(v) })();
