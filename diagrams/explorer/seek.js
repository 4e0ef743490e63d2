// "Take me to a state where …": it looks a while at a time, so that the page stays alive and can be told to stop.

function seeker(parse, semantics, history, show) {
  let seeking = null;
  const say = (text) => { the("found").textContent = text; };

  function begin(event) {
    event.preventDefault();
    end();
    let goal;
    try {
      goal = parse(the("goal").value);
    } catch (error) {
      say(error instanceof Unreadable ? error.message : "That is nested too deeply to be understood.");
      return;
    }
    const run = { steps: searchInTwo(semantics, history.state, goal) };
    seeking = run;
    the("stop").hidden = false;
    const look = () => {
      if (seeking !== run) return;
      const until = performance.now() + 40;
      let next = run.steps.next();
      while (!next.done && performance.now() < until) next = run.steps.next();
      if (!next.done) {
        say(`looking: ${next.value} states`);
        setTimeout(look);
      } else arrived(next.value);
    };
    look();
  }

  function arrived({ tokens, all, usual }) {
    end();
    if (tokens === null) {
      say(all ? "No way leads there from here."
        : `Not found among the first ${MOST_STATES} states, and there are more: choose more of the environment.`);
      return;
    }
    say(!tokens.length ? "It is so here." : `There, by ${counted(stepsIn(tokens), "step")}: the shortest way${
      usual ? " where all that is open is as usual" : ""}.`);
    tokens.forEach((token) => history.take(token));
    show();
  }

  // Why it stops, if somebody is to be told.
  function end(why = "") {
    if (seeking !== null && why) say(why);
    seeking = null;
    the("stop").hidden = true;
  }

  return { begin, end };
}
