// The page: what is shown of the run so far, and what the buttons, the keys and the address do.

const data = JSON.parse(the("data").textContent);
const semantics = semanticsOf(data);
const say = wordsOf(semantics);
const history = historyOf(semantics, data.walks.map((each) => each.tokens));
const lanes = laneDrawer(data, semantics, say);
const next = nextView(data, semantics, say, history, take);
const walks = walkView(data, history, show);
const seek = seeker(parserOf(data, semantics), semantics, history, show);
const machines = machineView(semantics, say);
const values = valueView(semantics, say);
const environment = environmentView(semantics, say, choose, closeAll);
const claims = claimView(data, semantics, say, goTo);

function show(said = "") {
  keepingFocus(() => draw(said));
}

function draw(said) {
  const state = history.state, last = history.steps[history.steps.length - 1];
  const before = last ? history.states[history.steps.length - 1] : state;
  const moved = new Set(say.changes(before, state).map((each) => each.actor));
  const truth = semantics.truthsIn(state);
  const may = data.events.map((event) => semantics.may(event, state, truth));
  next.show(state, truth, may);
  machines.show(state, last ? last.event : null, moved, may.flatMap((each, event) => each === NO ? [] : [event]));
  values.show(state, moved);
  environment.show(state);
  const broken = claims.show(history);
  lanes.draw(history, goTo, walks.marks());
  walks.ways();
  the("how-long").textContent = counted(history.steps.length, "step");
  for (const [id, list] of [["back", history.tokens], ["forward", history.ahead], ["restart", history.tokens]]) {
    the(id).setAttribute("aria-disabled", !list.length);
  }
  notice([said, stoppedSaid(), brokenSaid(broken)].filter(Boolean).join(" "));
  writeAddress();
  const step = the("steps").lastElementChild;
  if (step) the("run").scrollTop = step.offsetTop + step.offsetHeight - the("run").clientHeight + 12;
}

const notice = (text) => { the("notice").textContent = text; };

function stoppedSaid() {
  if (!history.stopped) return "";
  const { token, why, event } = history.stopped;
  if (token < 0) return `There is no run: ${why}.`;
  const name = event >= 0 ? ` (${words(data.events[event].name)})` : "";
  const reasons = event >= 0 && why.startsWith("it may not")
    ? `: ${say.barred(data.events[event], history.state, semantics.truthsIn(history.state)).join("; ")}` : "";
  return `The run stops at its part ${token + 1}${name}: ${why}${reasons}.`;
}

function brokenSaid(found) {
  const named = (standing) => found.filter((each) => each.standing === standing).map(({ claim }) => claim.name).join(", ");
  const here = named("broken"), near = named("near");
  return [here && `✗ Broken here: ${here}.`, near && `! The next step may break ${near}.`].filter(Boolean).join(" ");
}

function take(token) {
  seek.end("The search has ended: the state is another.");
  history.take(token);
  show();
}

// An unknown is this: one answer more, or another one than was given.
function choose(actor, wanted) {
  if (semantics.still[actor] && semantics.narrow(history.state, actor, wanted) !== null) take(narrowToken(actor, wanted));
  else {
    history.answer(actor, wanted);
    show();
  }
}

// Give every unknown that is open the first value that goes with the others.
function closeAll() {
  for (const token of closings(semantics, history.state)) history.take(token);
  show();
}

function goTo(steps) {
  history.go(steps);
  show();
}

function writeAddress() {
  const address = fragmentOf(data, history.tokens);
  if (location.hash !== address && !(address === "#" && location.hash === "")) window.history.replaceState(null, "", address);
}

function readAddress() {
  const read = readFragment(data, location.hash);
  if (read?.tokens && read.tokens.join() !== history.tokens.join()) walks.open(read.tokens);
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

const savedRun = () => runOf(data, semantics, say, history, walks.ends());

function saveRun() {
  const blob = new Blob([JSON.stringify(savedRun(), null, 2) + "\n"], { type: "application/json" });
  const link = element("a", { href: URL.createObjectURL(blob), download: "explored.run.json" });
  link.click();
  URL.revokeObjectURL(link.href);
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
const toEnd = () => { while (history.forward()); show(); };
const restart = () => { history.restart(); show(); };
const stop = () => seek.end("Stopped.");

const KEYS = {
  Backspace: back, ArrowLeft: back, ArrowRight: forward, Home: () => goTo(0), End: toEnd,
  b: walks.mark, c: copyLink, s: saveRun, t: turnTheme, "?": () => the("keys").showModal(),
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
  const act = /^[1-9]$/.test(event.key) ? () => next.tokenOf(event.key) && take(next.tokenOf(event.key)) : KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

function moveTab(event) {
  const tabs = [...document.querySelectorAll("[role=tab]")], here = tabs.indexOf(event.target);
  const other = tabs[(here + (event.key === "ArrowLeft" ? tabs.length - 1 : 1)) % tabs.length];
  event.preventDefault();
  chooseTab(other.id.slice(4));
  other.focus();
}

const CLICKS = {
  back, forward, restart, stop, mark: walks.mark, link: copyLink, save: saveRun, theme: turnTheme, help: KEYS["?"],
};
for (const [id, act] of Object.entries(CLICKS)) the(id).addEventListener("click", () => act());
for (const tab of document.querySelectorAll("[role=tab]")) tab.addEventListener("click", () => chooseTab(tab.id.slice(4)));
the("filter").addEventListener("input", () => show());
the("barred").addEventListener("toggle", () => show());
the("search").addEventListener("submit", seek.begin);
document.addEventListener("keydown", pressed);
window.addEventListener("hashchange", readAddress);

if (data.goals.length) the("goal").placeholder = data.goals[0].says;
put("vocabulary", data.goals.map((goal) => element("option", { value: goal.says, label: goal.name })),
  [...data.actors.map((of) => of.name), ...data.events.map((of) => of.name), ...Object.keys(data.predicates)]
    .map((value) => element("option", { value })));
walks.offer();
if (data.walks.length === 1 && readFragment(data, location.hash) === null) walks.load(0);
readAddress();

// For tests, and for whoever wants to look inside.
window.ccmproof = { data, semantics, say, history, follow, standingsOf, savedRun };
