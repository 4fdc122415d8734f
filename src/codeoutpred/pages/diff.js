// The difference of two texts, character by character: Myers, An O(ND) Difference Algorithm (1986).
"use strict";

const MOST_EDITS = 400; // beyond, what stands between the common ends counts as replaced

/** From an answer to the expected text: pieces ["=" | "-" | "+", text], "-" in the answer only. */
function characterDiff(answer, expected) {
  const a = Array.from(answer), b = Array.from(expected); // whole code points, no half emoji
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const pieces = [];
  const add = (kind, text) => {
    if (!text) return;
    if (pieces.length && pieces.at(-1)[0] === kind) pieces.at(-1)[1] += text;
    else pieces.push([kind, text]);
  };
  add("=", a.slice(0, start).join(""));
  const left = a.slice(start, a.length - end), right = b.slice(start, b.length - end);
  const steps = readable(edits(left, right), left.length, right.length);
  if (steps) for (const [kind, text] of steps) add(kind, text);
  else { add("-", left.join("")); add("+", right.join("")); }
  add("=", a.slice(a.length - end).join(""));
  return pieces;
}

/** The steps, or null where so little is common that they would be confetti. */
function readable(steps, left, right) {
  if (!steps) return null;
  const common = steps.reduce((sum, [kind]) => sum + (kind === "="), 0);
  return common * 2 >= Math.min(left, right) && common * 4 >= Math.max(left, right) ? steps : null;
}

/** The shortest way from one list of characters to another, a step a character; null if too long. */
function edits(a, b) {
  const n = a.length, m = b.length, trace = [];
  let furthest = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(n + m, MOST_EDITS); d++) {
    const next = new Map(furthest);
    trace.push(furthest);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? furthest.get(k + 1) : furthest.get(k - 1) + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= n && x - k >= m) return path(a, b, trace, d);
    }
    furthest = next;
  }
  return null;
}

function path(a, b, trace, edits) {
  const steps = [];
  let x = a.length, y = b.length;
  for (let d = edits; d > 0; d--) {
    const before = trace[d], k = x - y;
    const down = k === -d || (k !== d && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
    const fromX = before.get(down ? k + 1 : k - 1), fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && (down ? y > fromY + 1 : x > fromX + 1)) { steps.push(["=", a[--x]]); y--; }
    if (down) steps.push(["+", b[--y]]);
    else steps.push(["-", a[--x]]);
  }
  while (x > 0) { steps.push(["=", a[--x]]); y--; }
  return steps.reverse();
}
