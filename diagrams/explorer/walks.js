// Runs that were loaded, other ways that were gone, and bookmarks.

function walkView(data, history, show) {
  let walk = null;

  // A run that was loaded is walked as long as the tokens are its own.
  const onWalk = () => walk !== null && history.tokens.length <= walk.tokens.length
    && history.tokens.every((token, i) => walk.tokens[i] === token);

  function load(place) {
    walk = data.walks[place];
    const begin = walk.tokens.findIndex(isStep);
    history.load([...walk.tokens], begin < 0 ? walk.tokens.length : begin);
  }

  // A run of an address: what it goes along of a run that lies in the page is known as that one, the rest of it ahead.
  function open(tokens) {
    walk = data.walks.find((each) => tokens.every((token, i) => token === each.tokens[i])) ?? null;
    history.load(walk ? [...walk.tokens] : tokens, tokens.length);
  }

  // What is to be marked at the steps: the one that offends, where a loop begins, and how the run ends.
  function marks() {
    if (!onWalk()) return { offends: -1, loop: -1, ends: "" };
    const steps = stepsIn(walk.tokens), lasso = walk.loop >= 0;
    const because = walk.because.length ? `: not so that ${words(walk.because.join("; "))}` : "";
    const offends = lasso || walk.judged < 0 ? -1 : Math.min(walk.judged, steps - 1);
    const goesOn = walk.loop === steps ? "here it rests, for ever" : `back to step ${walk.loop + 1}, for ever`;
    const ends = lasso && !stepsIn(history.ahead) ? `breaks ${walk.name}: owed since step ${walk.judged}, and ${goesOn}` : "";
    return { offends, why: `breaks ${walk.name}${because}`, loop: walk.loop, ends };
  }

  // What is known of the end of the run as it stands, for whoever saves it.
  function ends() {
    const whole = onWalk() && !stepsIn(history.ahead);
    return whole ? { loop: walk.loop, because: walk.because } : { loop: -1, because: [] };
  }

  function endOf(tokens) {
    const last = tokens.findLast(isStep);
    return last ? `, the last: ${words(data.events[readToken(last).event].name)}` : "";
  }

  function ways() {
    put("walk", onWalk() ? `${walk.name}: ${walk.says} ` : "",
      onWalk() && history.ahead.length ? element("kbd", {}, "→ goes on") : "");
    const choice = (tokens, label) => element("button", {
      class: "choice", "aria-label": label,
      on: { click: () => { walk = null; history.load([...tokens]); show(); } },
    }, label);
    put("ways",
      history.branches.length ? element("h3", {}, "Other ways that were gone") : "",
      element("ul", { id: "branches" }, history.branches.map((tokens) =>
        element("li", {}, choice(tokens, `${counted(stepsIn(tokens), "step")}${endOf(tokens)}`)))),
      history.marks.length ? element("h3", {}, "Bookmarks") : "",
      element("ul", { id: "marks" }, history.marks.map((mark, place) => element("li", {},
        choice(mark.tokens, mark.name),
        element("button", {
          class: "choice", "aria-label": `forget ${mark.name}`,
          on: { click: () => { history.unmark(place); show(); } },
        }, "×")))));
  }

  function mark() {
    const last = history.steps[history.steps.length - 1];
    history.mark(last ? `step ${history.steps.length}: ${words(data.events[last.event].name)}` : "the beginning");
    show("Bookmarked.");
  }

  // The list of runs that lie in the page. It is set back once one is chosen, so that it can be chosen again.
  function offer() {
    if (!data.walks.length) return;
    the("walks-label").hidden = false;
    put("walks", element("option", { value: "" }, "a run …"),
      data.walks.map((each, place) => element("option", { value: place }, each.name)));
    the("walks").addEventListener("change", () => {
      if (the("walks").value === "") return;
      load(Number(the("walks").value));
      the("walks").value = "";
      the("run").focus();
      show();
    });
  }

  return { load, open, marks, ends, ways, mark, offer };
}
