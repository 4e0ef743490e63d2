"""Driving a lab a step at a time: every message is held until it is let go, and anything may strike meanwhile.

What is held, works of the client, time, people, faults, and whoever means ill: :meth:`Driver.enabled` lists what may be
done now, :meth:`Driver.do` does one of it, and follows in the model what comes of it. At most one request is on its way
to the site at a time (the model's `line`): while somebody else's is under way, the client's messages wait.

Four things are drawn: how long Entra's next token lives, what the site answers to the next registration, how the next
forged token is forged, and whether ccmsetup's next attempt is its last.

A reply may be late, too: the client waits for it no more, as after a timeout, which is what the model calls a lost one.
When it arrives at last it must change nothing (T5).

One room although it is long: what may be done, doing it and waiting for what comes of it all share what is held, and
whose task has sent it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..asked import Fails, asking, pressed, raised
from ..build import ENTRA_TICKS, Lab
from ..contract import Work
from ..network import Crossing, Kind, Lost
from .alphabet import STIMULI
from .facts import from_unknown_key
from .follow import Deviates, Follower, Seen
from .mischief import ADVERSARY, CLIENT, CONFUSED, DIRECTLY, THROUGH, Others
from .offers import FORGED, FORGERIES
from .reader import Reader
from .stores import known_of, stores
from .trials import Trials
from .watch import Hangs, beat, patience

_sender: ContextVar[str] = ContextVar("sender", default="")
"""On whose behalf a message is sent, whichever host sends it: set in the task of whoever began."""
AT_ARRIVAL = ("cmg_returns_reply", "mp_answers_directly")
"""Events that happen when the message arrives, for until then it may be lost, and whoever waits decides by what is
then. All others have happened when the message is on its way."""
ALONE = "connection is closed and line is free"
"""Where somebody else may send a request."""
RETURNING = {"cmg_returns_reply": "cmg is returning", "mp_answers_directly": "management_point is answering"}
LOSSES = {"ask_for_device_token": "entra_does_not_answer", "ask_for_user_token": "entra_does_not_answer",
          "ccmsetup_downloads_from_cloud": "cloud_fails", "cmg_returns_reply": "reply_is_lost"}  # fmt: skip
"""What it is in the model that a held message is lost, by the event that the message is."""
SHORT_LIVED = ("ask_for_device_token", "ask_for_user_token", "registration_sends_directly")
"""Messages with a proof that is good for minutes: an hour may not pass while they are held."""
OF_CLIENT = ("reply.approval", "content_token.life")
"""What the model has of the client's replies only: a stranger's approval is in his record."""
OUTCOMES = {
    "success": "mp_registers_client",
    "pending": "mp_leaves_registration_pending",
    "resend": "mp_asks_to_resend",
}
"""What the site may answer to a registration that it does not reject, and the event that it is."""
PATIENCE = "patience over"
"""What is drawn where ccmsetup is to give up if its next attempt fails too."""
SIMPLE = ("user", "Entra", "site", "administrator", "fault", "adversary", "time")
TURNS = 20
"""So often whatever is ready runs, until nothing comes of a late reply any more."""


@dataclass(frozen=True)
class Choice:
    """Something that may be done.

    Attributes:
        what: ``go`` and ``lose``: a held message, by its sender; ``late``: a reply that the client waits for no more,
            and ``arrive``, when it comes at last; ``work``; ``draw``; ``offer``; ``trial`` (:mod:`.trials`); or a
            stimulus.
        name: of the sender, the work, what is drawn, or the event.
        offer: for an offer, what is offered: endpoint, CcmTokenAuth, whose message it says it is, and the way.
    """

    what: str
    name: str
    offer: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(filter(None, (self.what, self.name, ", ".join(self.offer))))


@dataclass
class Held:
    """A message on its way, which waits to be let go.

    Attributes:
        means: the event that it is: several, where it is not known which; where it is none, the last that there was.
    """

    sender: str
    crossing: Crossing
    seen: Seen
    gate: asyncio.Future[None] = field(repr=False)
    means: tuple[str, ...] = ()


class _Ended(Exception):
    """A component raises what would end the interpreter."""


class Driver:
    """One lab, driven and followed.

    Args:
        check: look at the stores after each step.

    Attributes:
        held: what is on its way, by on whose behalf it was sent.
        done: what was done so far.
        seen: what was seen so far.
        others: an adversary, and a client in disorder.
    """

    def __init__(self, lab: Lab, follower: Follower | None = None, *, check: bool = True) -> None:
        self.lab = lab
        self.follower = follower or Follower(lab.environment)
        self.network = self.follower.network
        self.known = known_of(lab)
        self.reader = Reader(self.known)
        self.held: dict[str, Held] = {}
        self.done: list[Choice] = []
        self.seen: list[Seen] = []
        self._check = check
        self._arrivals: asyncio.Queue[Held | Fails] = asyncio.Queue()
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._work: Work | None = None
        self._late: Held | None = None
        self._patience_ends: datetime | None = None
        self._patience: bool | None = None
        self._way = self._asked = ""
        self.others = Others(lab, self.known)
        self.trials = Trials(self.others)

    async def begin(self) -> None:
        """Start the lab, and hold what is sent from now on.

        Raises:
            Fails: a component does not start, or Entra publishes no keys.
        """
        beat("the lab does not start")
        await self.lab.start()
        await self.known.published.begin()
        self.lab.world.network.taps.append(self._tap)

    async def close(self) -> None:
        """End what still goes on."""
        beat("what still goes on does not end", ends=True)
        self.lab.world.network.taps.remove(self._tap)
        for held in (*self.held.values(), *([self._late] if self._late else [])):
            held.gate.cancel()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self.lab.database.close()

    # -- what may be done

    def enabled(self) -> list[Choice]:
        """What may be done now, in a fixed order, but for trials."""
        return [*self._letting_go(), *self._works(), *self._strikes(), *self._draws(), *self._offers()]

    def may(self, choice: Choice) -> bool:
        """Whether it is one of those that may be done now."""
        of: Mapping[str, Callable[[], list[Choice]]] = {
            "work": self._works, "stimulus": self._strikes, "draw": self._draws, "offer": self._offers,
            "trial": self._trials,
        }  # fmt: skip
        return choice in of.get(choice.what, self._letting_go)()

    @property
    def _somebody_else(self) -> bool:
        """Somebody else's request is under way."""
        return any(sender in self._tasks for sender in (CONFUSED, ADVERSARY))

    def _letting_go(self) -> list[Choice]:
        found = []
        for sender, held in self.held.items():
            if sender == CLIENT and self._somebody_else:
                continue
            found.append(Choice("go", sender))
            event = held.seen.events[0] if held.seen.events else ""
            if event in LOSSES and held.crossing.kind is not Kind.refused and self.follower.allows(LOSSES[event]):
                found.append(Choice("lose", sender))
                if sender == CLIENT and event == "cmg_returns_reply" and self._late is None:
                    found.append(Choice("late", sender))
        return [*found, Choice("arrive", CLIENT)] if self._late else found

    def further(self) -> list[Choice]:
        """What goes on if nothing strikes: what is held goes on its way; where nothing is, a work begins."""
        return [choice for choice in self._letting_go() if choice.what == "go"] or self._works()

    def _works(self) -> list[Choice]:
        if CLIENT in self._tasks or self._somebody_else:
            return []
        return [Choice("work", work.name) for work in self.lab.due()]

    def _strikes(self) -> list[Choice]:
        short = any(event in SHORT_LIVED for held in self.held.values() for event in held.seen.events)
        return [
            Choice("stimulus", event)
            for event, who in STIMULI.items()
            if who in SIMPLE
            and not (who == "time" and short)
            and self.follower.allows(event)
            and self.others.has(event)
        ]

    def _draws(self) -> list[Choice]:
        with asking("management_point", "registrations.outcome"):
            outcome: Any = self.lab.management_point.registrations.outcome
        chosen = getattr(outcome, "name", outcome)
        lives = [Choice("draw", f"life {each}") for each in ENTRA_TICKS if each != self.lab.entra_ticks]
        forgeries = [Choice("draw", f"forgery {each}") for each in FORGERIES if each != self.others.tokens.forgery]
        patience = [Choice("draw", PATIENCE)] if self._patience is not False and self._installs() else []
        outcomes = [Choice("draw", f"outcome {each}") for each in OUTCOMES if each != chosen]
        return [*lives, *outcomes, *forgeries, *patience]

    def _installs(self) -> bool:
        """An attempt of ccmsetup could begin now."""
        return Choice("work", Work.INSTALL.value) in self._works()

    def _offers(self) -> list[Choice]:
        if self._somebody_else or not self.holds(ALONE):
            return []
        return [Choice("offer", event, said) for event, said in self.others.offers(self.follower.allows)]

    def _trials(self) -> list[Choice]:
        return [] if self._tasks else [Choice("trial", name) for name in self.trials.ready()]

    def holds(self, condition: str) -> bool:
        """Whether a condition is true wherever in the belief the model is."""
        test = self.follower.compiled.test(self.network.condition(condition))
        return all(test(self.follower.compiled.states[state]) for state in self.follower.belief)

    def be_patient(self, patient: bool) -> None:
        """Say whether ccmsetup tries on after its next attempt, whatever the time."""
        self._patience = patient
        with asking("client", "be_patient()"):
            self.lab.client.be_patient(patient)

    # -- doing it

    async def do(self, choice: Choice) -> None:
        """Do one thing, and follow what comes of it.

        Raises:
            Deviates: the model does not allow what came of it.
            Hangs: nothing comes of it.
            Fails: a component does not answer what it is asked meanwhile.
        """
        self.done.append(choice)
        beat(f"nothing comes of {choice}, choice {len(self.done)}")
        doing: dict[str, Callable[[Choice], Coroutine[Any, Any, None]]] = {
            "go": self._go, "lose": self._lose, "late": self._let_wait, "arrive": self._arrive,
            "work": self._begin_work, "stimulus": self._strike, "draw": self._draw, "offer": self._offer,
            "trial": self._try,
        }  # fmt: skip
        try:
            await doing[choice.what](choice)
            if self._check:
                self.follower.look(stores(self.lab, self.known, self.network))
        except Fails as fails:
            raise Fails(f"{fails}: {choice}, choice {len(self.done)}") from fails

    async def _go(self, choice: Choice) -> None:
        held = self.held.pop(choice.name)
        self._asked = held.crossing.receiver
        if held.seen.events and held.seen.events[0] in AT_ARRIVAL:
            self._follow(Seen(f"{held.seen.what}: it arrives", held.seen.events))
            if held.sender == ADVERSARY:
                self.others.answered()
        if held.crossing.kind is Kind.refused and held.means and held.means[0] in LOSSES:
            self.follower.do(LOSSES[held.means[0]])  # whom the client has not taken for the server is no server
        held.gate.set_result(None)
        await self._settle(choice.name)

    async def _lose(self, choice: Choice) -> None:
        held = self.held.pop(choice.name)
        self._asked = self.lab.names.client
        self.follower.do(LOSSES[held.seen.events[0]])
        held.gate.set_exception(Lost())
        await self._settle(choice.name)

    async def _let_wait(self, choice: Choice) -> None:
        held = self._late = self.held.pop(choice.name)
        self._asked = self.lab.names.client
        self.follower.do(LOSSES[held.seen.events[0]])
        with asking("client", "abandon()"):
            self.lab.client.abandon()
        await self._settle(choice.name)

    async def _arrive(self, choice: Choice) -> None:
        assert self._late is not None
        if not self._late.gate.done():  # who has waited may have closed the connection, and then nothing arrives
            self._late.gate.set_result(None)
        self._late = None
        for _ in range(TURNS):
            await asyncio.sleep(0)

    async def _begin_work(self, choice: Choice) -> None:
        self._work = Work[choice.name]
        if self._work is Work.INSTALL and self._patience_ends is None:
            self._patience_ends = self.lab.world.clock.now() + self.lab.patience
        self._asked = self.lab.names.client
        self.follower.begin(self._work)
        self._spawn(CLIENT, self._at_work(self._work))
        await self._settle(CLIENT)

    async def _draw(self, choice: Choice) -> None:
        what, value = choice.name.split()
        if what == "life":
            self.lab.entra_ticks = int(value)
        elif what == "forgery":
            self.others.tokens.forgery = value
        elif choice.name == PATIENCE:
            self.be_patient(False)
        else:
            with asking("management_point", "registrations.outcome"):
                registrations: Any = self.lab.management_point.registrations
                made: Any = type(registrations.outcome)
                registrations.outcome = value if made is str else made[value]

    async def _strike(self, choice: Choice) -> None:
        event = choice.name
        self.follower.do(event)
        number = 2 if event.startswith("second_") else 1
        if event.endswith("connection_point_goes_down"):
            self.lab.connection_point_goes_down(number)
        elif event.endswith("connection_point_comes_back"):
            await self.others.connection_point_comes_back(number)
        else:
            getattr(self.lab if hasattr(self.lab, event) else self.others, event)()

    async def _try(self, choice: Choice) -> None:
        wrong = await self.trials.make(choice.name)
        if wrong:
            self._follow(Seen(wrong, holds="false"))

    async def _offer(self, choice: Choice) -> None:
        prepared = self.others.prepared(choice.name, choice.offer)
        if prepared.facts.get("request.signer") == "forger" and choice.name not in FORGED:
            await self.known.published.again()
            prepared = self.others.looked_at(prepared)
        if "registration" in choice.offer:
            await self._draw(Choice("draw", "outcome success"))  # the site has no choice with a stranger
        self.follower.do(choice.name, prepared.facts)
        self.follower.do(prepared.way)
        self._way = prepared.way
        self._asked = self.lab.names.management_point if prepared.way == DIRECTLY else self.lab.names.cmg
        self._spawn(prepared.sender, self.others.send(prepared))
        await self._settle(prepared.sender)

    async def _at_work(self, work: Work) -> None:
        """The client does something. What would end the interpreter is an error of its own like any other, which
        asyncio would not keep in its task."""
        try:
            await self.lab.client.run(work)
        except (SystemExit, KeyboardInterrupt) as error:
            if pressed(error):
                raise
            raise _Ended from error

    def _spawn(self, sender: str, work: Coroutine[Any, Any, Any]) -> None:
        context = copy_context()
        context.run(_sender.set, sender)
        self._tasks[sender] = asyncio.create_task(work, context=context)

    # -- what comes of it

    async def _tap(self, crossing: Crossing) -> None:
        sender = _sender.get()
        if not sender:
            return
        if sender == CLIENT and from_unknown_key(crossing, self.known):
            await self.known.published.again()
        try:
            seen = self.reader.read(crossing)
        except Fails as fails:  # it is nothing of whoever sends
            self._arrivals.put_nowait(fails)
            raise
        if seen is None or (sender != CLIENT and crossing.kind is Kind.opened):
            return
        if sender != CLIENT:
            seen = replace(seen, before={name: value for name, value in seen.before.items() if name not in OF_CLIENT})
        held = Held(sender, crossing, seen, asyncio.get_running_loop().create_future())
        self._arrivals.put_nowait(held)
        await held.gate

    async def _settle(self, sender: str) -> None:
        """Wait until the next message of this sender is held, or nothing more comes.

        Raises:
            Hangs: neither.
            Fails: what is sent cannot be read, since a component does not answer.
        """
        task = self._tasks[sender]
        beat(self._unanswered)
        arrival = asyncio.ensure_future(self._arrivals.get())
        await asyncio.wait({arrival, task}, return_when=asyncio.FIRST_COMPLETED, timeout=patience())
        if arrival.done():
            arrived = arrival.result()
            if isinstance(arrived, Fails):
                raise arrived
            self._arrived(arrived)
            return
        arrival.cancel()
        if not task.done():
            raise Hangs(self._unanswered)
        del self._tasks[sender]
        error = asyncio.CancelledError("nobody cancelled it") if task.cancelled() else task.exception()
        if error is not None:
            who = "the client's run()" if sender == CLIENT else "it"
            what = error.__cause__ if isinstance(error, _Ended) and error.__cause__ else error
            self._deviates(f"{who} ends with an error: {raised(what)}", error)
        self._ended(sender)

    @property
    def _unanswered(self) -> str:
        return f"{self._asked} does not answer: {self.done[-1]}, choice {len(self.done)}"

    def _ended(self, sender: str) -> None:
        if sender != CLIENT:
            if self._way.startswith(THROUGH) and self.follower.might("cmg_returns_reply"):
                self._follow(Seen("who has the CMG has the reply", ("cmg_returns_reply",)))
                self.others.answered()
            return
        assert self._work is not None
        self.follower.end(self._work)
        if self._work is Work.INSTALL and self._out_of_patience() and self.follower.allows("ccmsetup_gives_up"):
            self.follower.do("ccmsetup_gives_up")
        self._work = None

    def _out_of_patience(self) -> bool:
        """/downloadtimeout has passed: an attempt that has failed now was the last (A13)."""
        if self._patience is not None:
            return not self._patience
        return self._patience_ends is not None and self.lab.world.clock.now() >= self._patience_ends

    def _arrived(self, held: Held) -> None:
        self.held[held.sender] = held
        self.others.note(held.sender, held.crossing)
        seen = held.seen
        own_request = held.sender != CLIENT and held.crossing.kind is Kind.request
        if own_request and held.crossing.sender != self.lab.names.cmg and not self._relayed(held.crossing):
            self._follow(self._of_ours(held))
        elif own_request and self._way.startswith(THROUGH) and held.crossing.sender == self.lab.names.cmg:
            self._follow(Seen(seen.what, before=seen.before))
            held.seen = Seen(seen.what)
        elif seen.events and seen.events[0] in AT_ARRIVAL:
            self._follow(Seen(seen.what, before=seen.before, holds=RETURNING[seen.events[0]]))
            held.means = seen.events
            return
        else:
            self._follow(seen)
        held.means = next((taken for taken in reversed(self.follower.taken) if taken), ())

    def _relayed(self, crossing: Crossing) -> bool:
        return crossing.sender in self.reader.points

    def _of_ours(self, held: Held) -> Seen:
        """A request that we have made ourselves is no event any more: it only has to be what we have made."""
        facts = {name: value for name, value in held.seen.after.items() if name != "request.sender"}
        holds = "management_point is holding" if self._way == DIRECTLY else "cmg is holding"
        held.seen = Seen(held.seen.what)
        return Seen(held.seen.what, before=facts, holds=holds)

    def _follow(self, seen: Seen) -> None:
        self.seen.append(seen)
        self.follower.see(seen)

    def _deviates(self, what: str, error: BaseException) -> None:
        if isinstance(error, Deviates):
            raise error
        try:
            self.follower.see(Seen(f"{self.done[-1]}: {what}", holds="false"))
        except Deviates as deviates:
            raise deviates from error
