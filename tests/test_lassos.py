"""The checker of lassos refuses what is none, and says why."""

from __future__ import annotations

import pytest
from ccmproof.model.kernel.condition import TRUE, at
from ccmproof.model.kernel.errors import ModelError
from ccmproof.model.kernel.fairness import Fairness
from ccmproof.model.kernel.network import State
from fairness_models import (
    DOORS,
    ENTER,
    LEFT,
    NOT_SERVED,
    RESTLESS,
    RIGHT,
    SERVE,
    SERVE_IN_THE_HALL,
    VISITOR,
    WEAK_ENTER,
    WEAK_SERVE,
)
from lassos import fault, is_fair_lasso


def places(names: str, environment: str) -> list[State]:
    return [(name, environment) for name in names.split()]


BOTH_DOORS = (places("lobby left lobby right lobby", "dry"), ["go_left", "leave_left", "go_right", "leave_right"])
IN_AND_OUT = (places("home gate hall gate", "open"), ["come", "enter", "step_out"])
"""It goes on with ``enter``: the cycle begins at 1."""
TO_AND_FRO = (places("home gate home", "open"), ["come", "turn_back"])


class TestWhatIsOne:
    def test_a_cycle_through_both_doors_is_fair_to_both(self) -> None:
        assert is_fair_lasso(DOORS, *BOTH_DOORS, 0, [LEFT, RIGHT], TRUE)

    def test_a_cycle_may_have_a_stem(self) -> None:
        assert is_fair_lasso(VISITOR, *IN_AND_OUT, 1, [RESTLESS, ENTER], NOT_SERVED)

    def test_a_run_may_rest_where_no_group_may_happen(self) -> None:
        served = (places("home gate hall served", "open"), ["come", "enter", "serve"])
        assert is_fair_lasso(VISITOR, *served, 3, [RESTLESS, ENTER, SERVE], TRUE)
        assert is_fair_lasso(VISITOR, places("home", "over"), [], 0, [ENTER, SERVE], NOT_SERVED)

    def test_weak_fairness_is_content_where_the_group_cannot_always_happen(self) -> None:
        assert is_fair_lasso(VISITOR, *TO_AND_FRO, 0, [RESTLESS, WEAK_ENTER, WEAK_SERVE], NOT_SERVED)
        assert is_fair_lasso(VISITOR, *IN_AND_OUT, 1, [RESTLESS, ENTER, WEAK_SERVE], NOT_SERVED)

    def test_strong_fairness_is_content_where_the_group_never_can(self) -> None:
        closed = (places("home gate home", "over"), ["come", "turn_back"])
        assert is_fair_lasso(VISITOR, *closed, 0, [RESTLESS, ENTER, SERVE], NOT_SERVED)

    def test_it_need_not_be_within_before_it_is_said_to(self) -> None:
        away, never_back = at("visitor").is_in("gate", "hall"), [RESTLESS, ENTER]
        assert is_fair_lasso(VISITOR, *IN_AND_OUT, 1, never_back, away, since=1)
        assert fault(VISITOR, *IN_AND_OUT, 1, never_back, away) == "state 0 is not within"


class TestWhatIsNone:
    def test_a_step_that_is_not_possible(self) -> None:
        listed = (places("lobby left right lobby", "dry"), ["go_left", "go_right", "leave_right"])
        said = "step 2 of the run, go_right, is not possible there: not so that guest is lobby"
        assert fault(DOORS, *listed, 0, [], TRUE) == said

    def test_an_event_that_leads_elsewhere_or_is_none(self) -> None:
        wrong = (places("lobby left lobby", "dry"), ["go_right", "leave_left"])
        said = "step 1 of the run, go_right, is not possible there: it leads elsewhere"
        assert fault(DOORS, *wrong, 0, [], TRUE) == said
        unknown = (places("lobby left lobby", "dry"), ["go_left", "leave_lef"])
        said = "step 2 of the run: there is no event 'leave_lef' (did you mean 'leave_left'?)"
        assert fault(DOORS, *unknown, 0, [], TRUE) == said

    def test_a_cycle_that_ends_in_another_state(self) -> None:
        open_ended = (places("lobby left", "dry"), ["go_left"])
        assert fault(DOORS, *open_ended, 0, [], TRUE) == "the loop of the run does not close"

    @pytest.mark.parametrize("back_to", [-1, 5])
    def test_a_cycle_that_begins_nowhere(self, back_to: int) -> None:
        assert fault(DOORS, *BOTH_DOORS, back_to, [], TRUE) == "the loop of the run does not close"

    def test_a_cycle_that_returns_to_the_same_place_in_another_environment(self) -> None:
        states = [*places("lobby left", "dry"), *places("lobby", "wet")]
        said = "step 2 of the run, leave_left, is not possible there: it leads elsewhere"
        assert fault(DOORS, states, ["go_left", "leave_left"], 0, [], TRUE) == said

    def test_states_and_events_that_do_not_go_together(self) -> None:
        assert fault(DOORS, places("lobby", "dry"), ["go_left"], 0, [], TRUE) == "a run of 1 steps has 2 states, not 1"

    def test_a_run_that_does_not_begin_where_the_network_does(self) -> None:
        late = (places("left lobby left", "dry"), ["leave_left", "go_left"])
        assert fault(DOORS, *late, 0, [], TRUE) == "the run does not begin in an initial state"

    def test_a_cycle_that_leaves_the_set(self) -> None:
        not_right = ~at("guest").is_("right")
        assert fault(DOORS, *BOTH_DOORS, 0, [], not_right) == "state 3 is not within"
        assert fault(DOORS, *BOTH_DOORS, 0, [], not_right, since=4) == "state 3 is not within"

    def test_a_cycle_through_one_door_is_not_fair_to_the_other(self) -> None:
        left = (places("lobby left lobby", "dry"), ["go_left", "leave_left"])
        assert fault(DOORS, *left, 0, [LEFT], TRUE) is None
        assert fault(DOORS, *left, 0, [LEFT, RIGHT], TRUE) == "strong: the right door is put off for ever"

    def test_an_event_of_the_stem_is_not_on_the_cycle(self) -> None:
        states, events = BOTH_DOORS
        longer = ([*states, *places("left lobby", "dry")], [*events, "go_left", "leave_left"])
        assert fault(DOORS, *longer, 0, [LEFT, RIGHT], TRUE) is None
        assert fault(DOORS, *longer, 4, [LEFT, RIGHT], TRUE) == "strong: the right door is put off for ever"

    def test_a_group_that_may_happen_now_and_then_is_put_off_where_it_is_strong(self) -> None:
        assert fault(VISITOR, *TO_AND_FRO, 0, [RESTLESS, ENTER], NOT_SERVED) == f"{ENTER} is put off for ever"
        assert fault(VISITOR, *IN_AND_OUT, 1, [RESTLESS, SERVE], NOT_SERVED) == f"{SERVE} is put off for ever"

    def test_an_event_where_it_does_not_count(self) -> None:
        to_the_hall = (places("home gate hall gate home", "open"), ["come", "enter", "step_out", "turn_back"])
        said = "strong: served is put off for ever"
        assert fault(VISITOR, *to_the_hall, 0, [RESTLESS, ENTER, SERVE_IN_THE_HALL], NOT_SERVED) == said
        assert is_fair_lasso(VISITOR, *TO_AND_FRO, 0, [RESTLESS, SERVE_IN_THE_HALL], NOT_SERVED)

    def test_a_group_that_may_happen_all_the_time_is_put_off_where_it_is_weak(self) -> None:
        out = Fairness("in or back", ("enter", "turn_back", "serve"), strong=False)
        assert fault(VISITOR, *IN_AND_OUT, 1, [out], NOT_SERVED) is None
        back = Fairness("back or served", ("turn_back", "serve"), strong=False)
        assert fault(VISITOR, *IN_AND_OUT, 1, [back], NOT_SERVED) == f"{back} is put off for ever"

    @pytest.mark.parametrize("group", [ENTER, WEAK_ENTER], ids=str)
    def test_resting_where_a_group_may_happen(self, group: Fairness) -> None:
        at_the_gate = (places("home gate", "open"), ["come"])
        assert fault(VISITOR, *at_the_gate, 1, [SERVE], NOT_SERVED) is None
        assert fault(VISITOR, *at_the_gate, 1, [group], NOT_SERVED) == f"{group} is put off for ever"

    def test_fairness_of_what_is_no_event(self) -> None:
        with pytest.raises(ModelError, match=r"there is no event 'entre' \(did you mean 'enter'\?\)"):
            is_fair_lasso(VISITOR, *TO_AND_FRO, 0, [Fairness("wrong", ("entre",))], TRUE)
