// What is seen of a state: machines with their states lit, values, the environment, the claims.

// The largest part of a machine that a card shows, in points; of a larger one, what is around the state that is lit.
const CARD = { width: 255, height: 250 };
const SCALE = 0.9;

function machineView(semantics, say) {
  const cards = [...document.querySelectorAll("#machines .machine")].map((card) => {
    const svg = card.querySelector("svg"), box = svg.viewBox.baseVal;
    return { card, svg, actor: Number(card.dataset.actor), whole: { width: box.width, height: box.height } };
  });
  let light = () => {};

  function show(state, step, moved, can) {
    light = (svg, actor) => {
      svg.querySelectorAll(".lit, .taken, .can").forEach((each) => each.classList.remove("lit", "taken", "can"));
      svg.querySelector(`.s${state.at[actor]}`)?.classList.add("lit");
      if (step !== null && moved.has(actor)) svg.querySelectorAll(`.e${step}`).forEach((each) => each.classList.add("taken"));
      for (const event of can) svg.querySelectorAll(`.e${event}`).forEach((each) => each.classList.add("can"));
    };
    for (const { card, svg, actor, whole } of cards) {
      const said = say.stateOf(state, actor);
      card.classList.toggle("moved", moved.has(actor));
      if (card.querySelector(".now").textContent !== said) card.querySelector(".now").textContent = said;
      svg.setAttribute("aria-label", `${semantics.actors[actor].name}: ${said}`);
      light(svg, actor);
      frame(svg, whole);
    }
    bringIntoSight();
  }

  // One machine that moved is in sight, if any did.
  function bringIntoSight() {
    const panel = the("views"), seen = panel.getBoundingClientRect();
    const moved = cards.map(({ card }) => card).filter((card) => card.classList.contains("moved"))
      .map((card) => card.getBoundingClientRect());
    if (!moved.length || the("machines").hidden || seen.height >= panel.scrollHeight) return;
    const inSight = moved.some((box) => box.top >= seen.top && box.bottom <= seen.bottom);
    if (!inSight) panel.scrollTop += moved[0].top - seen.top - 60;
  }

  // The part of a machine that is shown.
  function frame(svg, whole) {
    const width = Math.min(whole.width, CARD.width), height = Math.min(whole.height, CARD.height);
    svg.setAttribute("width", Math.round(width * SCALE));
    if (width === whole.width && height === whole.height) return;
    const lit = svg.querySelector(".lit text");
    const x = lit ? Number(lit.getAttribute("x")) : 0, y = lit ? Number(lit.getAttribute("y")) + whole.height : 0;
    const within = (middle, size, all) => Math.min(Math.max(middle - size / 2, 0), all - size);
    svg.setAttribute("viewBox", [within(x, width, whole.width), within(y, height, whole.height), width, height].join(" "));
  }

  function enlarge({ card, actor }) {
    const svg = card.querySelector("template").content.querySelector("svg").cloneNode(true);
    svg.setAttribute("width", Math.round(svg.viewBox.baseVal.width * 1.3));
    light(svg, actor);
    const [name, now] = ["figcaption button", ".now"].map((which) => card.querySelector(which).textContent);
    const title = element("h2", {}, `${name}: ${now}`);
    the("large").querySelector("div").replaceChildren(title, element("div", { class: "scroll" }, svg));
    the("large").showModal();
    svg.querySelector(".lit")?.scrollIntoView({ block: "center", inline: "center" });
  }

  for (const each of cards) each.card.querySelector("figcaption button").addEventListener("click", () => enlarge(each));
  return { show };
}

function valueView(semantics, say) {
  // Records, and whatever else has no picture: fields by record, machines that watch.
  const rows = semantics.actors.map((of, actor) => ({ of, actor }))
    .filter(({ of }) => of.kind === "field" || of.kind === "watching");
  const titleOf = (of) => of.kind === "watching" ? "what watches" : of.record || of.host || "others";
  const titles = [...new Set(rows.map(({ of }) => titleOf(of)))];

  function show(state, moved) {
    put("values", titles.map((title) => [
      element("h3", {}, words(title)),
      element("table", {}, rows.filter(({ of }) => titleOf(of) === title).map(({ of, actor }) =>
        element("tr", { class: moved.has(actor) ? "moved" : null },
          element("td", { title: of.about || null }, of.name),
          element("td", {}, say.stateOf(state, actor))))),
    ]).flat());
  }
  return { show };
}

function environmentView(semantics, say, choose, usual) {
  let unfolded = false;

  const rows = semantics.actors.map((of, actor) => ({ of, actor }))
    .filter(({ of, actor }) => semantics.still[actor] || of.initial.length > 1);

  function show(state) {
    const free = rows.filter(({ of }) => of.initial.length > 1), fixed = rows.filter(({ of }) => of.initial.length === 1);
    const open = free.filter(({ actor }) => state.at[actor] < 0).length;
    the("how-open").textContent = open ? `${open} open` : "";
    put("environment",
      element("p", {}, open
        ? `${counted(open, "unknown is", "unknowns are")} open: the page asks where a guard reads one. `
        : "Nothing is open. ",
      element("button", { disabled: !open, on: { click: usual } }, "All else as usual")),
      element("table", {}, free.map((row) => drawn(row, state))),
      element("details", { open: unfolded, on: { toggle: (event) => { unfolded = event.target.open; } } },
        element("summary", {}, `${counted(fixed.length, "value")} that the scenario gives`),
        element("table", {}, fixed.map(({ of, actor }) => element("tr", {},
          element("td", { title: of.about || null }, of.name),
          element("td", {}, say.stateOf(state, actor)))))));
  }

  function drawn({ of, actor }, state) {
    const known = semantics.still[actor] ? state.at[actor] : state.begin[actor];
    const values = known >= 0 ? [known] : state.may[actor];
    return element("tr", {},
      element("td", { title: of.about || null }, of.name),
      element("td", {}, of.initial.map((value) => {
        const left = semantics.narrow(semantics.reopened(state, actor), actor, [value]) !== null;
        const chosen = values.length === 1 && values[0] === value;
        return element("button", {
          class: "choice", "aria-pressed": chosen ? "true" : "false", disabled: !left && !chosen,
          "aria-label": `${of.name} is ${of.states[value]}`,
          on: { click: () => { if (!chosen) choose(actor, [value]); } },
        }, say.valuesOf(actor, [value]));
      })));
  }
  return { show };
}

function claimView(data, semantics, say, go) {
  const ORDER = ["broken", "near", "was", "owed", "open", "reached", "tried", "quiet", "beyond"];

  function show(history) {
    const found = standingsOf(data, semantics, history.states, history.steps);
    const bad = found.filter(({ standing }) => standing === "broken" || standing === "was");
    the("how-broken").textContent = bad.length ? `✗ ${bad.length}` : "";
    found.sort((one, other) => ORDER.indexOf(one.standing) - ORDER.indexOf(other.standing));
    put("claims", element("table", {}, found.map((each) => row(each, history))),
      found.length ? "" : element("p", {}, "No claims."));
    return found;
  }

  function row({ claim, standing, since }, history) {
    const { sign, says } = STANDING[standing];
    const kind = ["broken", "was", "near"].includes(standing) ? "broken"
      : ["tried", "reached"].includes(standing) ? "good" : "quiet";
    const where = since > 0 && standing !== "broken"
      ? element("button", { class: "choice", on: { click: () => go(since) } }, `step ${since}`) : "";
    return element("tr", {},
      element("td", { class: kind }, sign),
      element("td", { class: "name" }, claim.name),
      element("td", {}, claim.says,
        element("div", { class: kind }, `${claim.kind === "possible" && standing === "quiet" ? "not reached yet" : says} `, where),
        why(claim, standing, since, history),
        claim.remark ? element("div", { class: "quiet" }, claim.remark) : ""));
  }

  // Why a claim is broken, or may be: what would have to be otherwise in the state before.
  function why(claim, standing, since, history) {
    if (standing !== "broken" && standing !== "near") return "";
    const state = history.states[claim.on.length && standing === "broken" ? since - 1 : since];
    const said = say.falseLeaves(claim.should, state, semantics.truthsIn(state)).filter((text) => text !== NEVER);
    return said.length ? element("div", { class: "quiet" }, `not so that ${said.join("; ")}`) : "";
  }
  return { show };
}
