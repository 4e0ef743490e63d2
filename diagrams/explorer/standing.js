// How the claims stand: in the state that is shown, and in the run that led there.

const STANDING = {
  broken: { sign: "✗", says: "broken here" },
  was: { sign: "✗", says: "was broken on the way" },
  near: { sign: "!", says: "the next step may break it" },
  owed: { sign: "…", says: "owed, and not kept yet" },
  open: { sign: "?", says: "hangs on what is open" },
  reached: { sign: "✓", says: "reached" },
  tried: { sign: "✓", says: "put to the test, and kept" },
  beyond: { sign: "·", says: "no single run tells: ccmproof check judges it" },
  quiet: { sign: "○", says: "not put to the test yet" },
};

// [{claim, standing, since}]: since is the number of the state from which on it stands so, where that tells something.
function standingsOf(data, semantics, states, steps) {
  const truths = states.map((state) => semantics.truthsIn(state));
  return data.claims.map((claim) => ({ claim, ...standingOf(claim, truths, steps) }));
}

function standingOf(claim, truths, steps) {
  if (claim.kind === "beyond") return { standing: "beyond", since: -1 };
  if (claim.kind === "promise") return promiseOf(claim, truths);
  const last = truths.length - 1;
  const first = (number, wanted) => truths.findIndex((truth) => truth(number) === wanted);
  // A claim about steps is broken by a step, and so in the state after it.
  const breaks = (wanted) => (step, i) => claim.on.includes(step.event) && truths[i](claim.broken) === wanted;
  const byStep = (wanted) => steps.findIndex(breaks(wanted)) + 1 || -1;
  const met = (wanted) => claim.on.length && claim.kind === "claim" ? byStep(wanted) : first(claim.broken, wanted);
  const broke = met(YES), open = met(OPEN);
  if (claim.kind === "possible") return broke >= 0 ? { standing: "reached", since: broke } : unmet(open);
  const here = claim.on.length ? broke === last : truths[last](claim.broken) === YES;
  if (here) return { standing: "broken", since: last };
  if (broke >= 0) return { standing: "was", since: broke };
  if (claim.on.length && truths[last](claim.broken) === YES) return { standing: "near", since: last };
  if (open >= 0) return unmet(open);
  const tried = first(claim.attempt, YES);
  return tried >= 0 ? { standing: "tried", since: tried } : { standing: "quiet", since: -1 };
}

const unmet = (open) => open >= 0 ? { standing: "open", since: open } : { standing: "quiet", since: -1 };

// A promise is owed from a state on in which its premise holds, until a state in which it is kept.
function promiseOf(claim, truths) {
  let since = -1, kept = -1, open = -1;
  truths.forEach((truth, number) => {
    if (since < 0 && truth(claim.attempt) === YES) since = number;
    if (since < 0 && open < 0 && truth(claim.attempt) === OPEN) open = number;
    if (since >= 0 && open < 0 && truth(claim.kept) === OPEN) open = number;
    if (since >= 0 && truth(claim.kept) === YES) {
      kept = number;
      since = -1;
    }
  });
  if (open >= 0) return { standing: "open", since: open };
  if (since >= 0) return { standing: "owed", since };
  return kept >= 0 ? { standing: "tried", since: kept } : { standing: "quiet", since: -1 };
}
