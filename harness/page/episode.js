/* One episode as a conversation, or two runs of it side by side. */

const LONG = 1500;
const KEPT_BLOCKS = 6;
const loaded = new Map();
const complete = new Promise((resolve) => {
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", resolve);
  else resolve();
});

async function readBlock(number) {
  if (!document.getElementById(`block-${number + 1}`)) await complete;
  return inflate(document.getElementById(`block-${number}`).textContent);
}

/* The trajectory of a row in a run, or null where the run has not played it. */
async function readEpisode(run, row) {
  const number = index.runs[run].block[row];
  if (!present(number)) return null;
  const block = loaded.get(number) || readBlock(number);
  loaded.delete(number);
  loaded.set(number, block);
  for (const old of [...loaded.keys()].slice(0, -KEPT_BLOCKS)) loaded.delete(old);
  return (await block)[index.runs[run].position[row]];
}

/* Look for a text in all that was seen and said; reports after every block. */
async function searchTrajectories(rows, wanted, scan, report) {
  const blocks = new Map();
  index.runs.forEach((run) => rows.forEach((row) => {
    if (!present(run.block[row])) return;
    if (!blocks.has(run.block[row])) blocks.set(run.block[row], []);
    blocks.get(run.block[row]).push([row, run.position[row]]);
  }));
  let done = 0;
  for (const [number, members] of blocks) {
    const block = await readBlock(number);
    if (scan.stopped) return;
    const hits = members.filter(([, position]) => says(block[position], wanted)).map(([row]) => row);
    report(hits, (done += 1), blocks.size);
  }
}

function says(episode, wanted) {
  const texts = episode.turns.flatMap((turn) => [turn.seen, turn.reply, turn.reasoning, turn.thought, turn.action]);
  return [...texts, episode.final, episode.error].some((text) => text && text.toLowerCase().includes(wanted));
}

/* A text that may be long: its beginning, and the rest when asked for. */
function long(className, text) {
  const box = el("div", { class: `text ${className}` });
  if (text.length <= LONG) box.append(visible(text));
  else {
    const more = el("button", { class: "more", onclick: () => { box.replaceChildren(visible(text)); } },
      `show all ${count(text.length)} characters`);
    box.append(visible(text.slice(0, LONG).replace(/[\ud800-\udbff]$/, "")), "… ", more);
  }
  return box;
}

const WITHHELD = "left out: data that is not to be redistributed (--include-test-data shows it)";

/* A part of a turn with its name; withheld where the record says so, nothing where there is none. */
function part(record, name, label) {
  const withheld = (record.withheld || []).includes(name);
  if (!withheld && !record[name]) return null;
  return el("div", { class: `part ${name}` }, el("span", { class: "label" }, label),
    withheld ? el("div", { class: "text dim" }, WITHHELD) : long("", record[name]));
}

function verdict(turn) {
  const found = present(turn.action);
  const words = [found ? el("span", { class: "chip" }, `read by rule: ${turn.rule}`) : el("span", { class: "chip failure" }, "no action found"),
    turn.valid === false ? el("span", { class: "chip failure" }, "not valid") : turn.valid ? el("span", { class: "chip success" }, "valid") : null,
    el("span", { class: "chip reward" }, `reward ${signed(turn.reward)}`),
    turn.finish && turn.finish !== "stop" ? el("span", { class: "chip error" }, `reply ended: ${turn.finish}`) : null];
  const dropped = Object.entries(turn.dropped).map(([name, number]) => `${number} ${name}`).join(", ");
  return el("div", { class: "verdict" }, words, dropped ? el("span", { class: "chip error" }, `left out of the chat: ${dropped}`) : null);
}

function turnNode(turn, number) {
  const raw = [part(turn, "reasoning", "reasoning"), part(turn, "reply", "reply as it came")].filter(Boolean);
  return el("div", { class: "turn" }, el("h4", null, `Turn ${number}`), part(turn, "seen", "observation"),
    part(turn, "thought", "thought"), part(turn, "action", "action"),
    present(turn.action) ? null : part(turn, "reply", "reply"), verdict(turn),
    present(turn.action) && raw.length ? el("details", { class: "raw" }, el("summary", null, "the whole reply"), raw)
      : part(turn, "reasoning", "reasoning"));
}

function ending(episode) {
  const how = { finished: "The episode ended.", truncated: "The turn limit ended the episode.", error: "The episode ended in an error; it enters no average." };
  return el("div", { class: "turn last" }, el("h4", null, "End"), part(episode, "final", "observation"),
    episode.error ? el("div", { class: "part bad" }, long("", episode.error)) : null, el("p", { class: "dim" }, how[episode.status]));
}

function headline(run, row, episode) {
  const title = runLabel(run) ? `${runLabel(run)} · ${facts.runs[run].model} · ${facts.runs[run].name}` : facts.runs[run].model;
  if (!episode) return el("div", { class: "head" }, el("b", null, title), chip("absent"));
  const of = index.runs[run];
  const metrics = Object.entries(episode.metrics).filter(([name]) => name !== "turns").map(([name, value]) => `${name.replaceAll("_", " ")} ${+value.toFixed(4)}`);
  return el("div", { class: "head" }, el("b", null, title), " ", chip(outcome(run, row)),
    el("span", { class: "dim" }, [`reward ${fixed(of.reward[row])}`, `score ${fixed(episode.score)}`, many(of.turns[row], "turn"), ...metrics].join(" · ")));
}

function partedNote(parted) {
  const what = { observation: "what they see differs", action: "they act differently", reward: "the rewards differ", end: "one has ended" };
  return el("div", { class: "parted", id: "parted", tabindex: "-1" }, `They part here, at turn ${parted[0]}: ${what[facts.differences[parted[1]]]}`);
}

function conversation(runs, row, episodes) {
  const parted = runs.length > 1 ? partedOf(runs[1], row) : null;
  const box = el("div", { class: runs.length > 1 ? "pair" : "alone" });
  box.append(el("div", { class: "both" }, runs.map((run, i) => headline(run, row, episodes[i]))));
  if (parted && !parted[0]) box.append(el("p", { class: "dim" }, "Both saw and did the same to the end."));
  const length = Math.max(...episodes.map((episode) => (episode ? episode.turns.length + 1 : 0)));
  for (let turn = 0; turn < length; turn += 1) {
    if (parted && parted[0] === turn + 1) box.append(partedNote(parted));
    const cells = episodes.map((episode, i) => {
      if (!episode || turn > episode.turns.length) return el("div", { class: "turn none" });
      const node = turn < episode.turns.length ? turnNode(episode.turns[turn], turn + 1) : ending(episode);
      if (runs.length > 1) node.firstChild.append(el("span", { class: `tag series-${runs[i] % 6}` }, runLabel(runs[i])));
      return node;
    });
    box.append(el("div", { class: `both${parted && parted[0] && turn + 1 >= parted[0] ? " after" : ""}` }, cells));
  }
  return box;
}

class Reader {
  constructor() {
    this.title = el("h2", { id: "reader-title" });
    this.body = el("div", { class: "body", tabindex: "0" });
    const button = (text, label, onclick) => el("button", { onclick, "aria-label": label, title: label }, text);
    this.dialog = el("dialog", { "aria-labelledby": "reader-title", onkeydown: (event) => this.key(event),
      onclose: () => this.closed() },
      el("header", null, this.title, el("span", { class: "tools" },
        (this.jump = button("parting", "to where they part", () => this.toParting())),
        button("‹", "previous episode (k)", () => this.step(-1)), button("›", "next episode (j)", () => this.step(1)),
        button("✕", "close (Esc)", () => this.dialog.close()))), this.body);
  }

  async open(row) {
    const runs = this.list.several ? [0, this.list.shown] : [0];
    this.row = row;
    this.title.replaceChildren(visible(`${shortName(envOf(row))} · ${taskOf(row)}${kindOf(row) ? ` · ${kindOf(row)}` : ""}`));
    this.body.replaceChildren(el("p", { class: "dim" }, "reading …"));
    if (!this.dialog.open) this.dialog.showModal();
    history.replaceState(null, "", `#episode-${row}`);
    const episodes = await Promise.all(runs.map((run) => readEpisode(run, row)));
    if (this.row !== row) return;
    this.body.replaceChildren(conversation(runs, row, episodes));
    this.body.scrollTop = 0;
    this.jump.hidden = !document.getElementById("parted");
    this.body.focus();
  }

  toParting() {
    const place = document.getElementById("parted");
    place.scrollIntoView({ block: "start" });
    place.focus({ preventScroll: true });
  }

  step(by) {
    const row = this.list.move(by);
    if (present(row) && row !== this.row) this.open(row);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { j: 1, k: -1 };
    if (event.key in steps) this.step(steps[event.key]);
    else if (event.key === "p" && !this.jump.hidden) this.toParting();
  }

  closed() {
    this.row = null;
    this.body.replaceChildren();
    history.replaceState(null, "", location.pathname + location.search);
    this.list.box.focus({ preventScroll: true });
  }
}
