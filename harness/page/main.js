/* Put the page together: facts at once, the list as soon as its index is inflated. */

const facts = JSON.parse(document.getElementById("facts").textContent);
let index;

function heading() {
  const several = facts.runs.length > 1;
  const lines = facts.runs.map((run, i) => el("li", null, several ? el("span", { class: `tag series-${i % 6}` }, runLabel(i)) : null, " ",
    el("b", null, run.model), el("span", { class: "dim" }, [` ${run.name}`, run.started && `begun ${run.started}`,
      `stepagent-gym ${run.versions["stepagent-gym"]}`, run.commit && `commit ${run.commit.slice(0, 12)}${run.commit.endsWith("-dirty") ? "-dirty" : ""}`].filter(Boolean).join(" · "))));
  const withheld = [...new Set(facts.runs.flatMap((run) => run.withheld))];
  const links = [several ? "comparison" : null, "scores", "episodes", "errors", "conditions"].filter((id) => id && document.getElementById(id));
  return el("header", { class: "top" }, el("h1", null, several ? `${facts.runs.length} runs compared` : "Run report"), el("ul", { class: "runs" }, lines),
    withheld.length ? el("p", { class: "note" }, `Test data of ${withheld.map(shortName).join(", ")} is not copied into this page: observations, and what quotes them, are left out.`) : null,
    el("nav", { "aria-label": "sections" }, links.map((id) => el("a", { href: `#${id}` }, id))));
}

async function main() {
  index = await inflate(document.getElementById("index").textContent);
  const page = document.getElementById("page");
  const reader = new Reader();
  const list = (reader.list = new EpisodeList((row) => reader.open(row)));
  const sections = [
    facts.runs.length > 1 ? comparison() : null,
    el("section", null, el("h2", { id: "scores" }, "Scores"), environments().map(scores)),
    errors((error) => list.showError(error)),
    list.node(),
    el("section", null, el("h2", { id: "distributions" }, "Distributions"), environments().map(distributions)),
    conditions(),
  ].filter(Boolean);
  page.replaceChildren(...sections, reader.dialog);
  page.prepend(heading());
  await list.refresh();
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || reader.dialog.open || event.target.closest("input, select")) return;
    event.preventDefault();
    list.search.focus();
  });
  const named = /^#episode-(\d+)$/.exec(location.hash);
  if (named && Number(named[1]) < index.task.length) reader.open(Number(named[1]));
  document.documentElement.dataset.ready = "true";
}

main();
