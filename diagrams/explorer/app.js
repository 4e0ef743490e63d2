// The page: what is shown of the run so far, and what the buttons, the keys and the address do.

const data = JSON.parse(the("data").textContent);
const semantics = semanticsOf(data);
const say = wordsOf(semantics);
const history = historyOf(semantics, data.walks.map((each) => each.tokens));
const parse = parserOf(data, semantics);
const lanes = laneDrawer(data, semantics, say);
const machinesSeen = machineView(semantics, say);
const valuesSeen = valueView(semantics, say);
const environmentSeen = environmentView(semantics, say, (actor, values) => take(narrowToken(actor, values)), closeAll);
const claimsSeen = claimView(data, semantics, say, (steps) => { history.go(steps); show(); });
let walk = null, numbered = [];

const show = (said = "") => keepingFocus(() => draw(said));

function draw(said) {
  const state = history.state, steps = history.steps, last = steps[steps.length - 1];
  const before = last ? history.states[steps.length - 1] : state;
  const moved = new Set(last ? say.changes(before, state).map((each) => each.actor) : []);
  const truth = semantics.truthsIn(state);
  const may = data.events.map((event) => semantics.may(event, state, truth));
  showNext(state, truth, may);
  if (the("barred").open) showBarred(state, truth, may);
  machinesSeen.show(state, last ? last.event : null, moved, may.flatMap((each, event) => each === NO ? [] : [event]));
  valuesSeen.show(state, moved);
  environmentSeen.show(state);
  const broken = claimsSeen.show(history);
  lanes.draw(history, (number) => { history.go(number); show(); }, marksOfWalk());
  the("how-long").textContent = counted(steps.length, "step");
  the("how-many-barred").textContent = may.filter((each) => each === NO).length;
  for (const [id, list] of [["back", history.tokens], ["forward", history.ahead], ["restart", history.tokens]]) the(id).disabled = !list.length;
  showWays();
  put("walk", walk && onWalk() ? `${walk.name}: ${walk.says} ` : "", walk && onWalk() && history.ahead.length
    ? element("kbd", {}, "→ goes on") : "");
  const stopped = history.stopped;
  notice([said, stopped && stoppedSaid(stopped), last ? brokenNow(broken, state) : ""].filter(Boolean).join(" "));
  writeAddress();
  the("steps").lastElementChild?.scrollIntoView({ block: "nearest" });
}

function stoppedSaid({ token, why, event }) {
  const name = event >= 0 ? ` (${words(data.events[event].name)})` : "";
  const reasons = event >= 0 && why.startsWith("it may not")
    ? `: ${say.barred(data.events[event], history.state, semantics.truthsIn(history.state)).join("; ")}` : "";
  return `The run stops at its part ${token + 1}${name}: ${why}${reasons}.`;
}

function brokenNow(found) {
  const here = found.filter(({ standing }) => standing === "broken").map(({ claim }) => claim.name);
  return here.length ? `✗ Broken here: ${here.join(", ")}.` : "";
}

const notice = (text) => { the("notice").textContent = text; };

function take(token) {
  history.take(token);
  show();
}

// What may happen, by who decides it; what hangs on something open asks for it.
function showNext(state, truth, may) {
  const wanted = the("filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map(), questions = new Map();
  numbered = [];
  data.events.forEach((event, e) => {
    if (may[e] === NO || !wanted.every((word) => `${words(event.name)} ${event.name}`.includes(word))) return;
    if (may[e] === OPEN) {
      const asked = semantics.asks(event, state, truth);
      const key = [asked.inside, asked.outside].map((values) => narrowToken(asked.actor, values)).sort().join();
      questions.set(key, { asked, events: [...(questions.get(key)?.events ?? []), event] });
      return;
    }
    const by = event.controller < 0 ? "nobody" : words(data.actors[event.controller].name);
    const group = event.host && event.host !== by ? `${event.host} · ${by}` : by;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(...buttons(event, e, state, truth));
  });
  const count = data.events.filter((_, e) => may[e] !== NO).length;
  the("how-many").textContent = `${counted(count, "event")}`;
  const asked = [...questions.values()].map((each) => asking(each, state));
  const events = [...groups].map(([name, items]) =>
    element("div", { class: "group", role: "group", "aria-label": name }, element("h3", {}, name), items));
  put("enabled", count ? [asked, events, groups.size || questions.size ? "" : element("p", { class: "quiet" }, "no event has these words")]
    : element("p", { class: "quiet" }, "Nothing may happen any more: here it rests."));
}

function buttons(event, e, state, truth) {
  return semantics.outcomes(event, state, truth).map((after, outcome) => {
    const token = stepToken(e, outcome);
    const text = say.changed(say.changes(state, after));
    numbered.push(token);
    return element("button", {
      class: `event${event.refusal ? " refusal" : ""}${event.altered ? " altered" : ""}${history.ahead[0] === token ? " ahead" : ""}`,
      title: [event.about, event.cites.join(" ")].filter(Boolean).join(" — ") || null,
      "data-token": token,
      on: { click: () => take(token) },
    },
    numbered.length <= 9 ? element("kbd", { "aria-hidden": "true" }, numbered.length) : "",
    `${event.refusal ? "✗ " : ""}${event.altered ? "± " : ""}${words(event.name)}${event.status ? ` (${event.status})` : ""}`,
    element("small", {}, text || "changes nothing"));
  });
}

// An unknown that is open, the events that hang on it, and its values on either side.
function asking({ asked, events }, state) {
  const of = data.actors[asked.actor];
  const sides = [asked.inside, asked.outside].sort((one, other) => one[0] - other[0]);
  const choices = sides.map((values) => {
    const left = semantics.narrow(state, asked.actor, values) !== null;
    return element("button", {
      disabled: !left, title: left ? null : "an assumption of the model excludes it",
      "data-token": narrowToken(asked.actor, values),
      on: { click: () => take(narrowToken(asked.actor, values)) },
    }, say.valuesOf(asked.actor, values));
  });
  return element("div", { class: "question", role: "group", "aria-label": `${of.name} is open` },
    element("div", { title: of.about || null }, "? ", element("span", { class: "name" }, words(of.name)), " is open"),
    choices,
    element("small", {}, `on it hangs: ${events.map((event) => words(event.name)).join("; ")}`));
}

function showBarred(state, truth, may) {
  const wanted = the("filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  put("disabled", data.events.flatMap((event, e) => {
    if (may[e] !== NO || !wanted.every((word) => `${words(event.name)} ${event.name}`.includes(word))) return [];
    return element("div", { class: "barred-event", "data-event": event.name },
      `${words(event.name)}`, element("span", { class: "quiet" }, " — not so that"),
      element("ul", {}, say.barred(event, state, truth).map((reason) => element("li", {}, reason))));
  }));
}

function closeAll() {
  for (const token of closings(semantics, history.state)) history.take(token);
  show();
}

// Other ways that were left, and bookmarks.
function showWays() {
  const lines = (tokens) => counted(tokens.filter((token) => !token.startsWith("u")).length, "step");
  const endOf = (tokens) => {
    const last = tokens.findLast((token) => !token.startsWith("u"));
    return last ? `, the last: ${words(data.events[readToken(last).event].name)}` : "";
  };
  const open = (tokens) => ({ click: () => { walk = null; history.load([...tokens]); show(); } });
  put("ways",
    history.branches.length ? element("h3", {}, "Other ways that were gone") : "",
    element("ul", { id: "branches" }, history.branches.map((tokens) => element("li", {},
      element("button", { class: "choice", on: open(tokens) }, `${lines(tokens)}${endOf(tokens)}`)))),
    history.marks.length ? element("h3", {}, "Bookmarks") : "",
    element("ul", { id: "marks" }, history.marks.map((mark, place) => element("li", {},
      element("button", { class: "choice", on: open(mark.tokens) }, mark.name),
      element("button", { class: "choice", "aria-label": `forget ${mark.name}`, on: { click: () => { history.unmark(place); show(); } } }, "×")))));
}

// A run that was loaded: it is walked as long as the tokens are its own.
const onWalk = () => walk.tokens.every((token, i) => i >= history.tokens.length || history.tokens[i] === token)
  && history.tokens.length <= walk.tokens.length;

function marksOfWalk() {
  if (!walk || !onWalk() || walk.judged < 0) return { loop: walk && onWalk() ? walk.loop : -1 };
  const steps = walk.tokens.filter((token) => !token.startsWith("u")).length;
  const offends = walk.loop >= 0 ? -1 : Math.min(walk.judged, steps - 1);
  return { offends, why: `breaks ${walk.name}${walk.because.length ? `: not so that ${words(walk.because.join("; "))}` : ""}`, loop: walk.loop };
}

function loadWalk(place) {
  walk = data.walks[place];
  const begin = walk.tokens.findIndex((token) => !token.startsWith("u"));
  history.load([...walk.tokens], begin < 0 ? walk.tokens.length : begin);
  show();
}

function writeAddress() {
  const address = fragmentOf(data, history.tokens);
  if (location.hash !== address && !(address === "#" && location.hash === "")) window.history.replaceState(null, "", address);
}

function readAddress() {
  const read = readFragment(data, location.hash);
  if (read?.tokens && read.tokens.join() !== history.tokens.join()) {
    walk = null;
    history.load(read.tokens);
  }
  show(read?.error ?? "");
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    notice("The address of this run is copied.");
  } catch {
    notice("The address in the address bar is that of this run.");
  }
}

function saveRun() {
  const text = JSON.stringify(runOf(data, semantics, say, history), null, 2) + "\n";
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: "explored.run.json" });
  link.click();
  URL.revokeObjectURL(link.href);
}

function bookmark() {
  const last = history.steps[history.steps.length - 1];
  history.mark(last ? `step ${history.steps.length}: ${words(data.events[last.event].name)}` : "the beginning");
  show("Bookmarked.");
}

// "Take me to …" looks a while at a time, so that the page stays alive and can be told to stop.
let searching = null;

function searchGoal(event) {
  event.preventDefault();
  let goal;
  try {
    goal = parse(the("goal").value);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    the("found").textContent = error.message;
    return;
  }
  const run = { tokens: [...history.tokens], steps: searchInTwo(semantics, history.state, goal) };
  searching = run;
  the("stop").hidden = false;
  const look = () => {
    if (searching !== run) return;
    const until = performance.now() + 40;
    let next = run.steps.next();
    while (!next.done && performance.now() < until) next = run.steps.next();
    if (!next.done) {
      the("found").textContent = `looking: ${next.value} states`;
      setTimeout(look);
    } else arrived(run, next.value);
  };
  look();
}

function arrived(run, { tokens, all, usual }) {
  endSearch();
  if (tokens === null) {
    the("found").textContent = all ? "No way leads there from here." : `Not found among the first ${MOST_STATES} states; there are more.`;
    return;
  }
  const steps = tokens.filter((token) => !token.startsWith("u")).length;
  the("found").textContent = tokens.length ? `There, by ${counted(steps, "step")}: the shortest way${usual ? " where all that is open is as usual" : ""}.` : "It is so here.";
  if (run.tokens.join() === history.tokens.join()) {
    tokens.forEach((token) => history.take(token));
    show();
  }
}

function endSearch() {
  searching = null;
  the("stop").hidden = true;
}

function chooseTab(name) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
    the(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
}

function turnTheme() {
  const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
}

const back = () => { if (history.back()) show(); };
const forward = () => { if (history.forward()) show(); };
const restart = () => { history.restart(); walk = null; show(); };
const toEnd = () => { while (history.forward()); show(); };
const filter = () => show();

const KEYS = {
  Backspace: back, ArrowLeft: back, ArrowRight: forward, Home: () => { history.go(0); show(); }, End: toEnd,
  b: bookmark, c: copyLink, s: saveRun, t: turnTheme, "?": () => the("keys").showModal(),
  m: () => chooseTab("machines"), v: () => chooseTab("values"), e: () => chooseTab("environment"), p: () => chooseTab("claims"),
  "/": () => the("filter").focus(), g: () => the("goal").focus(),
};

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.target.matches("[role=tab]") && /^Arrow/.test(event.key)) {
    moveTab(event);
    return;
  }
  const act = /^[1-9]$/.test(event.key) ? () => numbered[event.key - 1] && take(numbered[event.key - 1]) : KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

function moveTab(event) {
  const tabs = [...document.querySelectorAll("[role=tab]")], here = tabs.indexOf(event.target);
  const next = tabs[(here + (event.key === "ArrowLeft" ? tabs.length - 1 : 1)) % tabs.length];
  event.preventDefault();
  chooseTab(next.id.slice(4));
  next.focus();
}

const CLICKS = { back, forward, restart, mark: bookmark, link: copyLink, save: saveRun, theme: turnTheme, help: KEYS["?"], stop: endSearch };
for (const [id, act] of Object.entries(CLICKS)) the(id).addEventListener("click", () => act());
for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => chooseTab(tab.id.slice(4)));
the("filter").addEventListener("input", filter);
the("barred").addEventListener("toggle", () => show());
the("search").addEventListener("submit", searchGoal);
document.addEventListener("keydown", pressed);
window.addEventListener("hashchange", readAddress);

if (data.goals.length) the("goal").placeholder = data.goals[0].says;
put("vocabulary", data.goals.map((goal) => element("option", { value: goal.says, label: goal.name })), [...data.actors.map((of) => of.name), ...data.events.map((of) => of.name), ...Object.keys(data.predicates)]
  .map((value) => element("option", { value })));
if (data.walks.length) {
  the("walks-label").hidden = false;
  put("walks", element("option", { value: "" }, "a run …"), data.walks.map((each, place) => element("option", { value: place }, each.name)));
  the("walks").addEventListener("change", () => { if (the("walks").value !== "") loadWalk(Number(the("walks").value)); });
  if (data.walks.length === 1 && readFragment(data, location.hash) === null) {
    the("walks").value = "0";
    loadWalk(0);
  } else readAddress();
} else readAddress();

// For tests, and for whoever wants to look inside.
window.ccmproof = { data, semantics, say, history, parse, follow, searchFor, show, runOf: () => runOf(data, semantics, say, history) };
