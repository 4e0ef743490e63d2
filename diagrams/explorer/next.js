// What may happen, by who decides it; what hangs on something open asks for it; what may not, and why.

function nextView(data, semantics, say, history, take) {
  let numbered = [];

  const asWritten = (event) => `${words(event.name)} ${event.name}`;
  const wanted = () => the("filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (event, filter) => filter.every((word) => asWritten(event).includes(word));

  function show(state, truth, may) {
    const filter = wanted(), groups = new Map(), questions = new Map();
    numbered = [];
    data.events.forEach((event, e) => {
      if (may[e] === NO || !shown(event, filter)) return;
      if (may[e] === OPEN) {
        const asked = semantics.asks(event, state, truth);
        const key = [asked.inside, asked.outside].map((values) => narrowToken(asked.actor, values)).sort().join();
        questions.set(key, { asked, events: [...(questions.get(key)?.events ?? []), event] });
        return;
      }
      const group = whoDecides(event);
      groups.set(group, [...(groups.get(group) ?? []), ...buttons(event, e, state, truth)]);
    });
    const count = may.filter((each) => each !== NO).length;
    the("how-many").textContent = counted(count, "event");
    the("how-many-barred").textContent = may.length - count;
    put("enabled",
      [...questions.values()].map((each) => asking(each, state)),
      [...groups].map(([name, items]) =>
        element("div", { class: "group", role: "group", "aria-label": name }, element("h3", {}, name), items)),
      groups.size || questions.size ? "" : element("p", { class: "quiet" },
        count ? "no event has these words" : "Nothing may happen any more: here it rests."));
    if (the("barred").open) showBarred(state, truth, may, filter);
  }

  function whoDecides(event) {
    const by = event.controller < 0 ? "nobody" : words(data.actors[event.controller].name);
    return event.host && event.host !== by ? `${event.host} · ${by}` : by;
  }

  // One for each outcome; the first nine have a figure for a key.
  function buttons(event, e, state, truth) {
    return semantics.outcomes(event, state, truth).map((after, outcome) => {
      const token = stepToken(e, outcome);
      numbered.push(token);
      const marks = [event.refusal && "refusal", event.altered && "altered", history.ahead[0] === token && "ahead"];
      const signs = `${event.refusal ? "✗ " : ""}${event.altered ? "± " : ""}`;
      return element("button", {
        class: ["event", ...marks].filter(Boolean).join(" "),
        title: [event.about, event.cites.join(" ")].filter(Boolean).join(" — ") || null,
        "data-token": token,
        on: { click: () => take(token) },
      },
      numbered.length <= 9 ? element("kbd", { "aria-hidden": "true" }, numbered.length) : "",
      `${signs}${words(event.name)}${event.status ? ` (${event.status})` : ""}`,
      element("small", {}, say.changed(say.changes(state, after)) || "changes nothing"));
    });
  }

  // An unknown that is open, the events that hang on it, and its values on either side.
  function asking({ asked, events }, state) {
    const of = data.actors[asked.actor];
    const sides = [asked.inside, asked.outside].sort((one, other) => one[0] - other[0]);
    const choices = sides.map((values) => {
      const left = semantics.narrow(state, asked.actor, values) !== null, token = narrowToken(asked.actor, values);
      return element("button", {
        disabled: !left, title: left ? null : "an assumption of the model excludes it",
        "data-token": token,
        on: { click: () => take(token) },
      }, say.valuesOf(asked.actor, values));
    });
    return element("div", { class: "question", role: "group", "aria-label": `${of.name} is open` },
      element("div", { title: of.about || null }, "? ", element("span", { class: "name" }, words(of.name)), " is open"),
      choices,
      element("small", {}, `on it hangs: ${events.map((event) => words(event.name)).join("; ")}`));
  }

  function showBarred(state, truth, may, filter) {
    put("disabled", data.events.map((event, e) => may[e] !== NO || !shown(event, filter) ? "" :
      element("div", { class: "barred-event", "data-event": event.name },
        words(event.name), element("span", { class: "quiet" }, " — not so that"),
        element("ul", {}, say.barred(event, state, truth).map((reason) => element("li", {}, reason))))));
  }

  return { show, tokenOf: (figure) => numbered[figure - 1] };
}
