/* What the runs scored, under which conditions, how they differ, and which errors they met. */

const runLabel = (number) => (facts.runs.length > 1 ? `run ${number + 1}` : "");

function environments() {
  return [...new Set(facts.runs.flatMap((run) => Object.keys(run.summary)))];
}

/* For each run, what `of` gives of its part of an environment; a dash where it did not play it. */
function perRun(id, of) {
  return facts.runs.map((run) => (run.summary[id] ? of(run.summary[id]) : "–"));
}

function estimate(metric) {
  if (!metric) return "–";
  if (!present(metric.ci_low)) return fixed(metric.mean);
  const bounds = `[${fixed(metric.ci_low)}, ${fixed(metric.ci_high)}]`;
  const spread = present(metric.spread) ? ` ±${fixed(metric.spread)}` : "";
  return el("span", null, el("b", null, fixed(metric.mean)), " ",
    el("span", { class: "dim bounds" }, bounds + spread));
}

/* The interval on a scale from 0 to 1; none for counts, and where it leaves that scale. */
function whisker(name, metric) {
  if (!metric || !present(metric.ci_low) || name.endsWith("turns") || metric.ci_low < 0 || metric.ci_high > 1) return null;
  return svg("svg", { class: "whisker", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "scale", x: 0, y: 3.5, width: 100, height: 1 }),
    svg("rect", { class: "range", x: 100 * metric.ci_low, y: 2, width: Math.max(0.6, 100 * (metric.ci_high - metric.ci_low)), height: 4 }),
    svg("rect", { class: "mean", x: Math.min(98.5, 100 * metric.mean), y: 0, width: 1.5, height: 8 }));
}

function scores(id) {
  const parts = facts.runs.map((run) => run.summary[id]).filter(Boolean);
  const names = [...new Set(parts.flatMap((part) => Object.keys(part.metrics)))];
  const first = ["success", "reward"].filter((name) => names.includes(name));
  const rows = [
    ["episodes with a result", ...perRun(id, (part) => `${count(part.episodes)} of ${count(part.asked)}`)],
    ["errors, in no average", ...perRun(id, (part) => el("span", { class: part.errors ? "bad" : null }, count(part.errors)))],
    ["tasks", ...perRun(id, (part) => (part.metrics.reward ? count(part.metrics.reward.n) : "0"))],
    ...[...first, ...names.filter((name) => !first.includes(name))].map((name) =>
      [name.replaceAll("_", " "), ...perRun(id, (part) => [estimate(part.metrics[name]), whisker(name, part.metrics[name])])]),
  ];
  return el("section", null, el("h3", null, shortName(id)),
    el("p", { class: "dim" }, about(id)),
    el("div", { class: facts.runs.length > 1 ? null : "columns" },
      table(`scores of ${id}`, ["mean [95% interval over tasks]", ...facts.runs.map((_, i) => runLabel(i))], rows),
      el("div", null, breakdowns(id, parts))));
}

/* The conditions without which no score should be quoted; all of them stand further down. */
function about(id) {
  const lines = facts.runs.map((run, number) => {
    const c = run.summary[id] && run.summary[id].conditions;
    if (!c) return null;
    const words = [`split ${c.split}`, many(c.tasks, "task"), c.repeats > 1 ? `${c.repeats} repeats` : null,
      `data ${c.data}/${c.data_hash}`, `at most ${many(c.max_turns, "turn")}`, `prompt ${String(c.prompt_sha256).slice(0, 12)}`,
      `stepagent-gym ${run.versions["stepagent-gym"]}`];
    return words.filter(Boolean).join(" · ");
  });
  const same = new Set(lines.filter(Boolean)).size === 1;
  return same ? lines.find(Boolean) : lines.flatMap((line, number) => (line ? [el("span", { class: "line" }, `${runLabel(number)}: ${line}`)] : []));
}

function breakdowns(id, parts) {
  const keys = [...new Set(parts.flatMap((part) => Object.keys(part).filter((key) => key.startsWith("by_"))))];
  return keys.flatMap((key) => {
    const values = [...new Set(parts.flatMap((part) => Object.keys(part[key] || {})))].sort();
    if (!values.length) return [];
    const headings = [key.slice(3).replaceAll("_", " "), ...facts.runs.flatMap((_, i) =>
      ["tasks", "success", "reward"].map((name) => `${runLabel(i)} ${name}`.trim()))];
    const cells = (value) => facts.runs.flatMap((run) => {
      const of = ((run.summary[id] || {})[key] || {})[value];
      return of ? [count(of.reward.n), ...["success", "reward"].map((name) => [estimate(of[name]), whisker(name, of[name])])] : ["–", "–", "–"];
    });
    return [el("details", { open: values.length <= 12 }, el("summary", null, `By ${headings[0]} (${values.length})`),
      table(`scores of ${id} by ${headings[0]}`, headings, values.map((value) => [value, ...cells(value)])))];
  });
}

function comparison() {
  const rows = facts.comparisons.map((c) => [
    `${shortName(c.env)}, run ${c.run + 1} − run 1`, difference(c.success), oddsOf(c), difference(c.reward),
    `${count(c.pairs)} (${many(c.tasks, "task")})`, leftOut(c)]);
  const headings = ["", "success", "exact test", "reward", "pairs", "left out"];
  return el("section", null, el("h2", { id: "comparison" }, "Paired differences"),
    rows.length ? table("paired differences", headings, rows) : el("p", null, "The runs share no environment."),
    el("p", { class: "dim" }, facts.method));
}

function difference(d) {
  if (!d) return "no pairs";
  const bounds = present(d.ci_low) ? `[${signed(d.ci_low)}, ${signed(d.ci_high)}]` : "no interval";
  const clear = present(d.ci_low) && (d.ci_low > 0 || d.ci_high < 0);
  return el("span", null, el("b", { class: clear ? (d.mean > 0 ? "good" : "bad") : null }, signed(d.mean)),
    " ", el("span", { class: "dim bounds" }, bounds));
}

function oddsOf(c) {
  if (!c.pairs) return "–";
  const p = c.p_value < 0.001 ? c.p_value.toExponential(1) : fixed(c.p_value);
  return el("span", null, `p = ${p}`, " ", el("span", { class: "dim bounds" }, `${count(c.gained)} gained, ${count(c.lost)} lost`));
}

function leftOut(c) {
  const parts = [[c.errors, many(c.errors, "error")], [c.only_first, `${count(c.only_first)} only in run 1`],
    [c.only_second, `${count(c.only_second)} only in run ${c.run + 1}`]];
  return parts.filter(([number]) => number).map(([, words]) => words).join(", ") || "none";
}

/* How often each reward and each number of turns came, by run. */
function distributions(id) {
  const wanted = index.env.names.indexOf(id);
  const of = (column) => index.runs.map((run) =>
    run[column].filter((value, row) => present(value) && index.env.items[row] === wanted && !run.failed[row]));
  const rewards = of("reward"), turns = of("turns");
  const longest = Math.max(1, ...turns.map((t) => t.reduce((a, b) => Math.max(a, b), 0)));
  const low = Math.min(0, ...rewards.map((r) => r.reduce((a, b) => Math.min(a, b), 0)));
  const high = Math.max(1, ...rewards.map((r) => r.reduce((a, b) => Math.max(a, b), 1)));
  const width = Math.ceil(longest / 25);
  return el("div", { class: "charts" },
    histogram(`${shortName(id)}: reward`, rewards, low, (high - low) / 20, 20, String(low), String(high)),
    histogram(`${shortName(id)}: turns`, turns, 1, width, Math.ceil(longest / width), "1", String(longest)));
}

function histogram(title, series, low, width, bins, first, last) {
  const counts = series.map((values) => {
    const bars = new Array(bins).fill(0);
    for (const value of values) bars[Math.max(0, Math.min(bins - 1, Math.floor((value - low) / width + 1e-9)))] += 1;
    return bars;
  });
  const top = counts.flat().reduce((a, b) => Math.max(a, b), 1);
  const slot = 400 / bins, bar = (slot * 0.86) / series.length;
  const bars = counts.flatMap((of, run) => of.map((number, i) => {
    const height = number ? Math.max(1, (100 * number) / top) : 0;
    const from = low + i * width, to = width === 1 ? "" : ` to ${+(from + width).toFixed(2)}`;
    return svg("rect", { class: `series-${run % 6}`, x: i * slot + run * bar + slot * 0.07, y: 100 - height, width: bar, height },
      svg("title", {}, document.createTextNode(`${runLabel(run)} ${+from.toFixed(2)}${to}: ${number}`.trim())));
  }));
  const sum = counts.map((of, run) => `${runLabel(run)} ${many(of.reduce((a, b) => a + b, 0), "episode")}`.trim()).join(", ");
  return el("figure", null, el("figcaption", null, title, el("span", { class: "dim" }, ` most in a bar: ${count(top)}`)),
    svg("svg", { class: "bars", viewBox: "0 0 400 101", preserveAspectRatio: "none", role: "img", "aria-label": `distribution, ${title}: ${sum}` },
      svg("rect", { class: "base", x: 0, y: 100, width: 400, height: 1 }), ...bars),
    el("div", { class: "axis dim" }, el("span", null, first), el("span", null, last)));
}

function flat(value, prefix = "") {
  return Object.entries(value || {}).flatMap(([key, of]) =>
    of !== null && typeof of === "object" && !Array.isArray(of) ? flat(of, `${prefix}${key}.`)
      : [[prefix + key, Array.isArray(of) ? JSON.stringify(of) : present(of) ? String(of) : "–"]]);
}

/* Settings side by side; with several runs, those that differ are marked and come first. */
function settings(title, objects, open = false) {
  const columns = objects.map((object) => new Map(flat(object)));
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const values = (key) => columns.map((column) => column.get(key) ?? "–");
  const differs = (key) => new Set(values(key)).size > 1;
  const ordered = [...keys.filter(differs), ...keys.filter((key) => !differs(key))];
  const rows = ordered.map((key) => [{ label: key.replaceAll("_", " "), mark: differs(key) ? "differs" : null }, ...values(key)]);
  const changed = keys.filter(differs).length;
  const note = objects.length > 1 ? ` (${changed ? `${changed} differ` : "the same"})` : "";
  return el("details", { open: open || (objects.length > 1 && changed > 0) }, el("summary", null, title + note),
    table(title, ["", ...objects.map((_, i) => runLabel(i))], rows));
}

function conditions() {
  const of = facts.runs.map((run) => ({ ...run.config, ...run.versions, commit: run.commit, started: run.started }));
  return el("section", null, el("h2", { id: "conditions" }, "Conditions"),
    environments().map((id) => settings(shortName(id), facts.runs.map((run) => (run.summary[id] || {}).conditions), true)),
    facts.runs.some((run) => Object.values(run.summary).some((part) => part.usage))
      ? environments().map((id) => settings(`${shortName(id)}: usage`, facts.runs.map((run) => (run.summary[id] || {}).usage))) : null,
    settings("config and versions", of));
}

/* Each message with its count; a click lists its episodes. */
function errors(show) {
  const found = index.runs.flatMap((run, number) => {
    const counts = new Map();
    run.error.items.forEach((message, row) => {
      if (present(message)) counts.set(`${index.env.items[row]} ${message}`, (counts.get(`${index.env.items[row]} ${message}`) || 0) + 1);
    });
    return [...counts].map(([key, times]) => {
      const [env, message] = key.split(" ").map(Number);
      return { number, times, env: index.env.names[env], message: run.error.names[message] };
    });
  });
  if (!found.length) return null;
  found.sort((a, b) => b.times - a.times);
  return el("section", null, el("h2", { id: "errors" }, "Errors"), el("ul", { class: "errors" }, found.slice(0, 100).map((e) =>
    el("li", null, el("button", { onclick: () => show(e) }, many(e.times, "episode")), " ",
      el("span", { class: "dim" }, `${runLabel(e.number)} ${shortName(e.env)} `.trimStart()), e.message))),
    found.length > 100 ? el("p", { class: "dim" }, `and ${many(found.length - 100, "further message")}`) : null);
}
