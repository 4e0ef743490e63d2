// The run as a live sequence: lanes by host, an arrow from the host that decides to those whose actors the event moves.

const LANE_TOP = 42;
const MANY = 5;

function laneDrawer(data, semantics, say) {
  const { actors, events } = semantics;
  const acting = new Set(data.hosts);
  const indexOf = (name) => actors.findIndex((of) => of.name === name);
  const underWay = indexOf(data.carries.under_way);
  const told = Object.entries(data.carries.fields).map(([name, called]) => [indexOf(name), called]).filter(([a]) => a >= 0);

  // Who a step is by, whom it moves, and what it is. A reply goes to whom has called, and ends the call.
  function partsOf(event, before, after, calls) {
    const who = event.host || "nobody";
    const moved = event.participants.filter((a) => a !== event.controller && before.at[a] !== after.at[a]
      && !data.carries.brought.includes(actors[a].name)).map((a) => actors[a].host);
    const to = [...new Set(moved)].filter((host) => acting.has(host) && host !== who);
    const has = (state, a) => a >= 0 && state.at[a] !== 0;
    const answered = to.filter((host) => calls.delete(`${host}/${who}`));
    for (const host of to) if (!answered.includes(host)) calls.add(`${who}/${host}`);
    const kind = event.refusal ? "failure" : !to.length ? "own" : answered.length ? "reply" : "request";
    const bears = kind === "request" && has(after, underWay) && to.some((host) => data.carries.to.includes(host));
    const carried = bears ? told.map(([a, called]) => `${called} ${actors[a].states[after.at[a]]}`).join(", ") : "";
    return { who, to, kind, carried: words(carried) };
  }

  function draw(history, at, marks) {
    const calls = new Set();
    const parts = history.steps.map((step, i) =>
      partsOf(events[step.event], history.states[i], history.states[i + 1], calls));
    const lanes = [...new Set(parts.flatMap((part) => [part.who, ...part.to]))];
    const x = (host) => (lanes.indexOf(host) + 0.5) * 100 / Math.max(lanes.length, 1);
    put("lanes", lanes.length ? header(lanes, x) : "");
    put("steps", history.steps.map((step, i) => drawn(step, i, parts[i], lanes, x)));

    function drawn(step, i, part, all, place) {
      const event = events[step.event], last = i === history.steps.length - 1;
      const text = say.changed(say.changes(history.states[i], history.states[i + 1]));
      const cites = citesOf(semantics, event, history.states[i], history.states[i + 1]).join(" ");
      const status = event.status ? ` (${event.status})` : "";
      const sign = event.refusal ? "✗ " : "";
      const name = `${i + 1} · ${sign}${words(event.name)}${status}`;
      const whom = part.to.length ? `${part.who} → ${part.to.join(", ")}` : part.who;
      const offends = marks.offends === i;
      return element("li", { class: `step ${part.kind}${last ? " last" : ""}${offends ? " offends" : ""}` },
        strip(part, all, place, whom),
        element("button", { class: "what", title: `${whom}: to the state after this step`, on: { click: () => at(i + 1) } }, name),
        element("small", {}, [part.carried, text, cites && `[${cites}]`].filter(Boolean).join(" · ")),
        offends ? element("div", { class: "broken" }, `✗ ${marks.why}`) : "",
        marks.loop === i ? element("div", { class: "name" }, "↻ from here on again and again, for ever") : "",
        last && marks.ends ? element("div", { class: "broken" }, `✗ ${marks.ends}`) : "");
    }
  }

  // Names of hosts, a word a line; where there are many lanes every other name stands higher.
  function header(lanes, x) {
    const higher = lanes.length > MANY ? 24 : 0;
    const name = (host, lane) => host.split(" ").map((word, line, all) => element("text", {
      "text-anchor": "middle", "font-size": 11,
      y: LANE_TOP - 6 - 12 * (all.length - 1 - line) + (lane % 2 ? higher : 0),
    }, word));
    return element("svg", { height: LANE_TOP + higher, role: "img", "aria-label": `lanes: ${lanes.join(", ")}` },
      lanes.map((host, lane) => element("svg", { x: `${x(host)}%`, y: 0, overflow: "visible" }, name(host, lane))));
  }

  function strip(part, lanes, x, whom) {
    const lines = lanes.map((host) => element("line", { class: "lane", x1: `${x(host)}%`, x2: `${x(host)}%`, y1: 0, y2: 20 }));
    const arrows = part.to.map((host) => {
      const right = x(host) > x(part.who), tip = right ? -7 : 7;
      return [
        element("line", { class: "arrow", x1: `${x(part.who)}%`, x2: `${x(host)}%`, y1: 12, y2: 12 }),
        element("svg", { x: `${x(host)}%`, y: 12, overflow: "visible" },
          element("path", { class: "head", d: `M0,0 L${tip},-4 L${tip},4 Z` })),
      ];
    });
    const dot = part.to.length ? [] : [element("circle", { class: "dot", cx: `${x(part.who)}%`, cy: 12, r: 5 })];
    return element("svg", { class: "strip", height: 20, role: "img", "aria-label": whom }, lines, arrows, dot);
  }

  return { draw };
}
