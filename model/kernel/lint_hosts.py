"""Lints of visibility: who may read whom. ``ccmsetup`` cannot read the site's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .actor import ActorDef, Otherwise
from .condition import actors_of
from .errors import Finding
from .lint_rows import Look


def readable(look: Look, host: str, name: str) -> bool:
    """May what lives at the host read the actor: its own, one that is shown to it, a parameter?"""
    of = look.network.actor[name]
    return of.parameter or of.host == host or host in of.seen_by


def foreign_guards(look: Look) -> Iterator[Finding]:
    """A row's guard, and the guards of its effects, read what their host may read."""
    for of in look.model.actors:
        for row in of.rows:
            if of.oracle or row.oracle:
                continue
            place = f"{of.name}/{row.event}"
            # An `otherwise` reads what the rows beside it read, and those are judged themselves.
            guards = [] if isinstance(row.when, Otherwise) else [look.expansion.guard(row.when, place)]
            guards += [look.expansion.guard(effect.when, place) for effect in row.effect]
            read = {name for guard in guards for name in actors_of(guard)}
            for name in _hidden(look, of, read):
                what = f"the guard reads {name}, which is at {_host(look, name)}, from {of.host or 'nowhere'}"
                yield Finding("foreign-guard", place, what, f"let {name} be seen by {of.host!r}, or mark an oracle")


def foreign_effects(look: Look) -> Iterator[Finding]:
    """What an effect copies from is at hand: readable to the actor that causes it, or where the copy goes."""
    for of in look.model.actors:
        for row in of.rows:
            if of.oracle or row.oracle:
                continue
            place = f"{of.name}/{row.event}"
            for effect in row.effect:
                for target, _, source in look.expansion.fields_of(effect, place):
                    if source is None or look.network.actor[source].host == look.network.actor[target].host:
                        continue
                    for name in _hidden(look, of, (source,)):
                        what = f"the effect copies {name}, which is at {_host(look, name)}, to {target}"
                        mend = f"let {name} be seen by {of.host!r}, or mark an oracle"
                        yield Finding("foreign-effect", place, what, mend)


def foreign_event_guards(look: Look) -> Iterator[Finding]:
    """What an event's own guard reads, some participant may read."""
    for note in look.model.events:
        if note.name not in look.network.event:
            continue
        taking_part = [look.defs[name] for name in look.network.event[note.name].participants]
        if any(of.oracle and not of.observer for of in taking_part):
            continue
        hosts = [of.host for of in taking_part]
        for name in sorted(actors_of(look.guard_of(note.name))):
            if not any(readable(look, host, name) for host in hosts):
                what = f"its guard reads {name}, which no participant may read"
                yield Finding("foreign-event-guard", note.name, what, f"let {name} be seen by one of their hosts")


def _hidden(look: Look, of: ActorDef, names: Iterable[str]) -> list[str]:
    return [name for name in sorted(names) if name != of.name and not readable(look, of.host, name)]


def _host(look: Look, name: str) -> str:
    return look.network.actor[name].host or "no host"
