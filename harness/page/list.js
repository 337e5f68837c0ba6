/* The list of episodes: what it shows, in which order, and the lines that are on the screen. */

const OUTCOMES = { success: "✓ success", failure: "✗ failure", error: "! error", absent: "– not played" };

function outcome(run, row) {
  const of = index.runs[run];
  if (!present(of.failed[row])) return "absent";
  return of.failed[row] ? "error" : of.success[row] ? "success" : "failure";
}

const kindOf = (row) => (present(index.kind.items[row]) ? index.kind.names[index.kind.items[row]] : "");
const envOf = (row) => index.env.names[index.env.items[row]];
const errorOf = (run, row) => (present(index.runs[run].error.items[row]) ? index.runs[run].error.names[index.runs[run].error.items[row]] : "");
const taskOf = (row) => `${index.task[row]}${index.seed[row] ? ` · seed ${index.seed[row]}` : ""}`;

/* Where two runs part in a row: [turn, kind], or null where either did not play it. */
const partedOf = (run, row) => (run ? index.runs[run].parted[row] : null);

const gap = (other, row) => {
  const [a, b] = [index.runs[0], index.runs[other]];
  return a.failed[row] === false && b.failed[row] === false ? Math.abs(b.reward[row] - a.reward[row]) : -1;
};

const PAIRED = {
  "only run 1 succeeds": (a, b) => a === "success" && b === "failure",
  "only the other succeeds": (a, b) => a === "failure" && b === "success",
  "both succeed": (a, b) => a === "success" && b === "success",
  "both fail": (a, b) => a === "failure" && b === "failure",
  "an error in either": (a, b) => a === "error" || b === "error",
  "played by one alone": (a, b) => (a === "absent") !== (b === "absent"),
};

const ORDERS = {
  "in task order": null,
  "lowest reward": (row) => index.runs[0].reward[row] ?? Infinity,
  "highest reward": (row) => -(index.runs[0].reward[row] ?? -Infinity),
  "most turns": (row) => -(index.runs[0].turns[row] ?? 0),
  "fewest turns": (row) => index.runs[0].turns[row] ?? Infinity,
};

function select(label, names, onchange, first) {
  const options = names.map((name) => el("option", { value: name }, plain(name)));
  const box = el("select", { "aria-label": label, onchange }, first ? el("option", { value: "" }, first) : null, options);
  return box;
}

class EpisodeList {
  constructor(open) {
    this.open = open;
    this.rows = [];
    this.at = 0;
    this.within = null;
    this.several = index.runs.length > 1;
    this.search = el("input", { type: "search", placeholder: "task, type or error", "aria-label": "search", oninput: () => this.later() });
    this.deep = el("input", { type: "checkbox", onchange: () => this.refresh() });
    const refresh = () => this.refresh();
    this.env = select("environment", index.env.names, refresh, "all environments");
    this.kind = select("type", [...index.kind.names].sort(), refresh, "all types");
    this.outcome = this.several ? select("outcome", Object.keys(PAIRED), refresh, "all outcomes")
      : select("outcome", ["success", "failure", "error"], refresh, "all outcomes");
    this.order = select("order", [...Object.keys(ORDERS), ...(this.several ? ["largest difference", "earliest parting"] : [])], refresh);
    this.other = select("compared with run 1", facts.runs.slice(1).map((run, i) => `run ${i + 2}`), refresh);
    this.status = el("p", { class: "dim", role: "status" });
    this.space = el("div", { class: "space" });
    this.box = el("div", { class: `list${this.several ? " several" : ""}`, role: "listbox", tabindex: "0", "aria-label": "episodes",
      onscroll: () => this.draw(), onkeydown: (event) => this.key(event) }, this.space);
    this.narrow = matchMedia("(max-width: 700px)");
    this.narrow.addEventListener("change", refresh);
    addEventListener("resize", () => this.draw());
  }

  /* The run that is shown beside the first; 0 where there is one alone. */
  get shown() { return this.several ? this.other.selectedIndex + 1 : 0; }
  get height() { return this.narrow.matches ? 60 : 38; }

  node() {
    const filters = [this.search, el("label", null, this.deep, " in trajectories"),
      index.env.names.length > 1 ? this.env : null, index.kind.names.length > 1 ? this.kind : null,
      this.outcome, this.order, facts.runs.length > 2 ? this.other : null];
    return el("section", null, el("h2", { id: "episodes" }, "Episodes"),
      el("div", { class: "filters", role: "search" }, filters), this.status, this.box,
      el("p", { class: "dim keys" }, "↑ ↓ or j k to move, Enter to open, / to search, Esc to close"));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), 120);
  }

  matches(row) {
    if (this.env.value && envOf(row) !== index.env.names[this.env.selectedIndex - 1]) return false;
    if (this.kind.value && plain(kindOf(row)) !== this.kind.value) return false;
    if (!this.outcome.value) return true;
    const mine = outcome(0, row);
    return this.several ? PAIRED[this.outcome.value](mine, outcome(this.shown, row)) : mine === this.outcome.value;
  }

  described(row) {
    const errors = index.runs.map((_, run) => errorOf(run, row)).join(" ");
    return `${envOf(row)} ${taskOf(row)} ${kindOf(row)} ${errors}`.toLowerCase();
  }

  async refresh() {
    if (this.scan) this.scan.stopped = true;
    const wanted = this.search.value.trim().toLowerCase();
    const rows = [...index.task.keys()].filter((row) => this.matches(row));
    this.show(wanted ? rows.filter((row) => this.described(row).includes(wanted)) : rows);
    if (!wanted || !this.deep.checked) return;
    const scan = (this.scan = { stopped: false });
    const found = new Set(this.rows);
    await searchTrajectories(rows, wanted, scan, (hits, done, all) => {
      for (const row of hits) found.add(row);
      this.show(rows.filter((row) => found.has(row)), done < all ? `searching: ${done} of ${all} blocks` : "");
    });
  }

  show(rows, note = "") {
    const chosen = this.rows[this.at];
    const order = { ...ORDERS, "largest difference": (row) => -gap(this.shown, row),
      "earliest parting": (row) => (partedOf(this.shown, row) || [0])[0] || Infinity }[this.order.value];
    if (order) rows.sort((a, b) => { const [x, y] = [order(a), order(b)]; return x < y ? -1 : x > y ? 1 : a - b; });
    this.rows = rows;
    this.at = Math.max(0, rows.indexOf(chosen));
    this.space.style.height = `${rows.length * this.height}px`;
    this.status.textContent = `${count(rows.length)} of ${many(index.task.length, "episode")}${note ? `; ${note}` : ""}`;
    this.draw();
  }

  /* Draw the lines that can be seen, and some above and below. */
  draw() {
    const first = Math.max(0, Math.floor(this.box.scrollTop / this.height) - 6);
    const last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / this.height) + 6);
    const lines = [];
    for (let position = first; position < last; position += 1) lines.push(this.line(position));
    this.space.replaceChildren(...lines);
    const active = this.at >= first && this.at < last && this.rows.length;
    if (active) this.box.setAttribute("aria-activedescendant", `row-${this.rows[this.at]}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  line(position) {
    const row = this.rows[position];
    const cells = this.several ? this.pair(row) : this.single(row);
    const line = el("div", { class: "line", role: "option", id: `row-${row}`, "aria-selected": String(position === this.at),
      "aria-posinset": position + 1, "aria-setsize": this.rows.length,
      onclick: () => { this.at = position; this.draw(); this.open(row); } },
      el("span", { class: "task" }, taskOf(row)),
      el("span", { class: "about dim" }, [index.env.names.length > 1 ? shortName(envOf(row)) : "", kindOf(row)].filter(Boolean).join(" · ")), cells);
    line.style.top = `${position * this.height}px`;
    return line;
  }

  single(row) {
    const run = index.runs[0];
    return [el("span", { class: "turns dim" }, many(run.turns[row], "turn")),
      el("span", { class: "reward" }, run.failed[row] ? "" : fixed(run.reward[row])), chip(outcome(0, row))];
  }

  pair(row) {
    const parted = partedOf(this.shown, row);
    const side = (number) => el("span", { class: "side" },
      outcome(number, row) === "success" || outcome(number, row) === "failure" ? el("span", { class: "reward" }, fixed(index.runs[number].reward[row])) : null,
      chip(outcome(number, row)), el("span", { class: `tag series-${number % 6}`, "aria-label": runLabel(number) }, String(number + 1)));
    return [el("span", { class: "turns dim" }, !parted ? "" : parted[0] ? `part at turn ${parted[0]}` : "alike"), side(0), side(this.shown)];
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const screen = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 1);
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: screen, PageUp: -screen, Home: -Infinity, End: Infinity };
    if (event.key in moves) this.move(moves[event.key]);
    else if (event.key === "Enter" || event.key === " ") { if (this.rows.length) this.open(this.rows[this.at]); }
    else return;
    event.preventDefault();
  }

  /* Move the selection and scroll to it; gives the row that it is on. */
  move(by) {
    this.at = Math.max(0, Math.min(this.rows.length - 1, this.at + by));
    const top = this.at * this.height;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + this.height > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + this.height - this.box.clientHeight;
    this.draw();
    return this.rows[this.at];
  }

  showError(error) {
    this.outcome.value = this.several ? "an error in either" : "error";
    this.env.selectedIndex = index.env.names.indexOf(error.env) + 1;
    this.search.value = plain(error.message);
    this.refresh();
    this.box.focus();
    this.box.scrollIntoView({ block: "nearest" });
  }
}

const chip = (name) => el("span", { class: `chip ${name}` }, OUTCOMES[name]);
