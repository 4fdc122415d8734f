// The table of predictions: search, filters, sorting, pages of rows, and rows that open.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("predictions-data").textContent);
  const { models, programs, samples, predictions } = data;
  const MATCHES = { exact: "✓ exact", equal: "✓ equal", close: "≈ close", wrong: "✗ wrong", unparseable: "∅ no answer" };
  const FACETS = [["language", "Language"], ["kind", "Kind"], ["difficulty", "Difficulty"], ["answer_type", "Answer type"]];
  const state = { query: "", filters: new Map(), sort: "", up: true, page: 0, size: 50 };
  const rows = joined();
  let shown = rows;

  /** A row for each sample and number of prediction; -1 where a model has no prediction. */
  function joined() {
    const places = samples.id.map(() => []);
    predictions.forEach((column, model) => column.sample.forEach((sample, at) => {
      const draws = places[sample];
      let draw = 0;
      while (draw < draws.length && draws[draw][model] >= 0) draw++;
      if (draw === draws.length) draws.push(models.map(() => -1));
      draws[draw][model] = at;
    }));
    return places.flatMap((draws, sample) => draws.map((at, draw) => ({ sample, draw, at, draws: draws.length })));
  }
  const value = (row, model, name) => (row.at[model] < 0 ? null : predictions[model][name][row.at[model]]);
  const right = (row, model) => ["exact", "equal"].includes(value(row, model, "match"));
  const any = (name) => predictions.some((column) => column[name].some((x) => x !== null && x !== ""));

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, content] of Object.entries(attributes)) made.setAttribute(name, content);
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  let haystacks = null; // small letters, made at the first search
  function found(query) {
    haystacks ??= {
      programs: programs.map((text) => text.toLowerCase()),
      samples: samples.id.map((id, at) => `${id}\n${samples.call[at]}\n${samples.expected[at]}`.toLowerCase()),
      predictions: predictions.map((column) => column.text.map((text, at) =>
        `${text}\n${column.answer[at] ?? ""}\n${column.reason[at]}\n${column.error[at]}`.toLowerCase())),
    };
    const inProgram = haystacks.programs.map((text) => text.includes(query));
    const inSample = haystacks.samples.map((text, at) => inProgram[samples.program[at]] || text.includes(query));
    return (row) => inSample[row.sample]
      || row.at.some((at, model) => at >= 0 && haystacks.predictions[model][at].includes(query));
  }

  /** Every filter: its label, and the values of a row, any of which may be chosen. */
  function filters() {
    const all = FACETS.map(([name, label]) => [label, (row) => [samples[name][row.sample]]]);
    models.forEach((model, at) => {
      all.push([models.length > 1 ? `Verdict of ${model}` : "Verdict", (row) => [value(row, at, "match") ?? "none"]]);
    });
    if (any("error")) {
      all.push(["Error", (row) => models.map((_, at) => value(row, at, "error") || "none")]);
    }
    if (models.length > 1) all.push(["Agreement", (row) => [agreement(row)]]);
    return all;
  }

  function agreement(row) {
    const who = models.filter((_, at) => right(row, at));
    if (!who.length) return "none is right";
    return who.length === models.length ? "all are right" : `right: only ${who.join(", ")}`;
  }

  function filterControl([label, of]) {
    const counts = new Map();
    for (const row of rows) for (const name of new Set(of(row))) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (counts.size < 2) return null;
    const order = Object.keys(MATCHES), numeric = [...counts.keys()].every((name) => name !== "" && !isNaN(name));
    const names = [...counts.keys()].sort((a, b) =>
      numeric ? a - b : order.indexOf(a) - order.indexOf(b) || counts.get(b) - counts.get(a));
    const select = element("select", {}, element("option", { value: "" }, "all"));
    for (const name of names) {
      const words = (MATCHES[name] ?? String(name)).replaceAll("_", " ");
      select.append(element("option", { value: name }, `${words} (${counts.get(name).toLocaleString("en")})`));
    }
    select.addEventListener("change", () => {
      if (select.value) state.filters.set(label, (row) => of(row).includes(select.value));
      else state.filters.delete(label);
      refresh();
    });
    return element("label", {}, element("span", {}, label), select);
  }

  function refresh() {
    const tests = [...state.filters.values()];
    if (state.query) tests.push(found(state.query.toLowerCase()));
    shown = tests.length ? rows.filter((row) => tests.every((test) => test(row))) : rows.slice();
    const column = columns.find(({ key }) => key === state.sort);
    if (column) {
      const keys = new Map(shown.map((row) => [row, column.of(row)]));
      const sign = state.up ? 1 : -1;
      shown.sort((a, b) => sign * compare(keys.get(a), keys.get(b)));
    }
    state.page = 0;
    draw();
  }

  function compare(a, b) {
    if (a === b) return 0;
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -1 : 1;
  }

  /** The answer corrected: struck what it should not have, underlined what it lacks. */
  function corrected(answer, expected, longest = Infinity) {
    const cut = (text) => (text.length > longest ? `${text.slice(0, longest)}…` : text);
    const code = element("code");
    for (const [kind, text] of characterDiff(cut(answer), cut(expected))) {
      code.append(kind === "=" ? text : element(kind === "-" ? "del" : "ins", {}, text));
    }
    return code;
  }

  const verdict = (match) => element("span", { class: `verdict ${match}` }, MATCHES[match] ?? match);
  const words = (error) => (error === "no_answer" ? "" : error.replaceAll("_", " ")); // the verdict says it
  const number = (amount) => (amount === null ? "" : String(+amount.toFixed(3)));

  function answerCell(row, model) {
    const match = value(row, model, "match"), answer = value(row, model, "answer");
    if (match === null) return element("span", {}, "–");
    const error = words(value(row, model, "error"));
    const head = element("div", {}, verdict(match), error ? element("small", {}, ` ${error}`) : null);
    const code = answer === null ? null : right(row, model) ? element("code", {}, answer.slice(0, 240))
      : corrected(answer, samples.expected[row.sample], 240);
    return element("div", {}, element("div", { class: "clip" }, code ?? ""), head);
  }

  const varied = FACETS.filter(([name]) => new Set(samples[name]).size > 1);
  function sampleCell(row) {
    const at = row.sample, name = samples.id[at] + (row.draws > 1 ? ` #${row.draw + 1}` : "");
    const button = element("button", { type: "button", "aria-expanded": "false", class: "open" }, name);
    const facts = varied.filter(([name]) => name !== "difficulty").map(([name]) => samples[name][at]);
    return element("div", {}, button, element("small", {}, facts.join(" · ")));
  }

  const rank = (row, model) => {
    const match = value(row, model, "match");
    return match === null ? null : Object.keys(MATCHES).indexOf(match) + 1 - (value(row, model, "similarity") ?? 0);
  };
  const columns = [
    { key: "sample", label: "Sample", of: (row) => row.sample * 1e4 + row.draw, cell: sampleCell },
    { key: "difficulty", label: "Level", number: true, of: (row) => +samples.difficulty[row.sample] || 0,
      cell: (row) => samples.difficulty[row.sample], hidden: !varied.some(([name]) => name === "difficulty") },
    { key: "expected", label: "Expected", of: (row) => samples.expected[row.sample].length,
      cell: (row) => element("div", { class: "clip" }, element("code", {}, samples.expected[row.sample].slice(0, 240))) },
    ...models.map((model, at) => ({ key: `answer${at}`, label: models.length > 1 ? model : "Answer, corrected",
      of: (row) => rank(row, at), cell: (row) => answerCell(row, at) })),
    ...(models.length > 1 ? [] : ["reward", "confidence"]).map((name) => ({ key: name, number: true,
      label: name[0].toUpperCase() + name.slice(1), hidden: !any(name),
      of: (row) => value(row, 0, name), cell: (row) => number(value(row, 0, name)) })),
  ].filter((column) => !column.hidden);

  function details(row) {
    const at = row.sample, call = samples.call[at];
    const part = (title, ...content) => element("section", {}, element("h4", {}, title), ...content);
    const pre = (text) => element("pre", {}, text);
    const question = element("div", {}, part("Program", pre(programs[samples.program[at]])),
      call ? part("Call", pre(call)) : null, part("Expected", pre(samples.expected[at])));
    const answers = models.map((model, m) => {
      if (row.at[m] < 0) return null;
      const answer = value(row, m, "answer"), error = words(value(row, m, "error"));
      const facts = ["reward", "similarity", "confidence"].filter((name) => value(row, m, name) !== null)
        .map((name) => `${name} ${number(value(row, m, name))}`);
      return element("div", {}, part(models.length > 1 ? model : "Verdict",
        element("p", {}, verdict(value(row, m, "match")), error ? ` ${error}` : "",
          value(row, m, "reason") ? `: ${value(row, m, "reason")}` : "", facts.length ? `\n${facts.join(" · ")}` : "")),
      answer === null ? null : part("Answer, corrected", pre(corrected(answer, samples.expected[at]))),
      part("Completion", pre(value(row, m, "text") || "(empty)")));
    });
    return element("div", { class: "details" }, question, ...answers.filter(Boolean));
  }

  const body = element("tbody"), status = element("span", { role: "status" });
  const back = element("button", { type: "button" }, "Previous"), forth = element("button", { type: "button" }, "Next");
  const heads = columns.map((column) => {
    const button = element("button", { type: "button" }, column.label);
    const head = element("th", { scope: "col", class: column.number ? "number" : "" }, button);
    button.addEventListener("click", () => {
      state.up = state.sort === column.key ? !state.up : true;
      state.sort = column.key;
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", state.up ? "ascending" : "descending");
      refresh();
    });
    return head;
  });

  function draw() {
    const from = state.page * state.size, until = Math.min(from + state.size, shown.length);
    body.replaceChildren(...shown.slice(from, until).map((row) => {
      const cells = columns.map((column) => element("td", { class: column.number ? "number" : "",
        "data-label": column.label }, column.cell(row)));
      const line = element("tr", { class: "row" }, ...cells);
      line.addEventListener("click", (event) => {
        if (event.target.closest("button") || !String(getSelection())) toggle(line, row);
      });
      return line;
    }));
    const all = shown.length === rows.length ? "" : ` (of ${rows.length.toLocaleString("en")})`;
    status.textContent = shown.length
      ? `${(from + 1).toLocaleString("en")} to ${until.toLocaleString("en")} of ${shown.length.toLocaleString("en")}${all}`
      : `nothing matches${all}`;
    back.disabled = !from;
    forth.disabled = until === shown.length;
  }

  function toggle(line, row) {
    const button = line.querySelector(".open"), isOpen = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) line.nextElementSibling.remove();
    else line.after(element("tr", { class: "opened" }, element("td", { colspan: columns.length }, details(row))));
  }

  const search = element("input", { type: "search", placeholder: "Search programs, calls, answers, completions",
    "aria-label": "Search", autocomplete: "off", spellcheck: "false" });
  search.addEventListener("input", () => { state.query = search.value; refresh(); });
  const turn = (by) => { state.page += by; draw(); document.getElementById("predictions").scrollIntoView(); };
  back.addEventListener("click", () => turn(-1));
  forth.addEventListener("click", () => turn(1));
  const size = element("select", {}, ...[25, 50, 200, 1000].map((many) => element("option", { value: many }, String(many))));
  size.value = "50";
  size.addEventListener("change", () => { state.size = +size.value; state.page = 0; draw(); });

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select")) { event.preventDefault(); search.focus(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.closest(".open")) return;
    event.preventDefault();
    const buttons = [...body.querySelectorAll(".open")];
    buttons[buttons.indexOf(event.target) + step]?.focus();
  });

  document.getElementById("predictions").append(
    element("form", { class: "controls" }, search, ...filters().map(filterControl).filter(Boolean)),
    element("p", { class: "legend" }, "Answers are corrected: ", element("del", {}, "struck"), " is in the answer only, ",
      element("ins", {}, "underlined"), " in the expected value only. A row opens on a click or Enter; arrow keys move, / searches.",
      data.left_out ? ` ${data.left_out.toLocaleString("en")} more predictions are not in this page.` : ""),
    element("table", { class: "predictions" }, element("thead", {}, element("tr", {}, ...heads)), body),
    element("div", { class: "pager" }, status, back, forth, element("label", {}, "rows ", size)));
  document.querySelector("form.controls").addEventListener("submit", (event) => event.preventDefault());
  draw();
})();
