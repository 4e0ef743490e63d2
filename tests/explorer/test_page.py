"""The page in a browser: clicks and keys, branches and bookmarks, what is open, runs that are loaded, light and dark.

With ``CCMPROOF_SCREENSHOTS`` naming a folder, pictures of the page are left there to be looked at.

One room although it is long: one page is opened, and the same few words look at it and click in it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import without_complaint
from ccmproof.diagrams.explorer.page import page as page_of
from ccmproof.harness.changes.shipped import named
from ccmproof.harness.exploring import Explored
from ccmproof.harness.runfile import read_run
from ccmproof.harness.system import shipped
from ccmproof.model.kernel import product
from ccmproof.properties.property import broken
from demo import demo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

SYSTEM = shipped()
DOOR = demo()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages: the demo's door, and the shipped model with two runs to walk along."""
    found = tmp_path_factory.mktemp("pages")
    door = Explored(DOOR, DOOR.scenarios["calm"], {"porter_checks": "*"})
    walks = [door.counterexample(DOOR.property("D-02"))]
    (found / "door.html").write_text(page_of(door.subject(walks)), encoding="utf-8")
    whole = Explored(SYSTEM, SYSTEM.scenarios["any-environment"])
    both = [whole.counterexample(SYSTEM.property(name)) for name in ("S-16c", "SEC-03s")]
    (found / "whole.html").write_text(page_of(whole.subject(both)), encoding="utf-8")
    return found


@pytest.fixture
def door(page: Page, folder: Path) -> Iterator[Page]:
    """The door, at the beginning of nothing: the run that lies in the page is not taken up."""
    with without_complaint(page):
        page.goto((folder / "door.html").as_uri())
        page.click("#restart")
        yield page


@pytest.fixture
def whole(page: Page, folder: Path) -> Iterator[Page]:
    with without_complaint(page):
        page.goto((folder / "whole.html").as_uri())
        yield page


def keep(page: Page, name: str) -> None:
    where = os.environ.get("CCMPROOF_SCREENSHOTS")
    if where:
        page.screenshot(path=str(Path(where) / f"{name}.png"))


def event(page: Page, words: str) -> Locator:
    """The button of an event."""
    return page.locator("#enabled button.event", has_text=re.compile(rf"^\d?(✗ )?{re.escape(words)}"))


def steps(page: Page) -> list[str]:
    return page.locator("#steps .what").all_inner_texts()


def standing(page: Page, name: str) -> str:
    page.click("#tab-claims")
    return page.locator("#claims tr", has=page.locator("td.name", has_text=re.compile(f"^{name}$"))).inner_text()


def state_of(page: Page, actor: str) -> str:
    """What the card of a machine says, and the state that is lit in it."""
    card = page.locator("#machines .machine", has=page.locator("figcaption button", has_text=re.compile(f"^{actor}$")))
    said: str = card.locator(".now").inner_text()
    lit = card.locator("svg .state.lit text").all_text_contents()
    assert " ".join(lit) == said.replace(" (open)", "")
    return said


class TestWalking:
    def test_a_question_then_clicks_and_back(self, door: Page) -> None:
        assert state_of(door, "visitor") == "outside"
        question = door.locator(".question", has_text="key is open")
        assert "ask with good key" in question.inner_text() and "ask with bad key" in question.inner_text()
        question.get_by_role("button", name="bad").click()
        assert door.locator(".question").count() == 0
        event(door, "ask with bad key").click()
        assert (state_of(door, "visitor"), state_of(door, "porter")) == ("waiting", "judging")
        assert steps(door) == ["1 · ask with bad key"]
        door.locator(".question", has_text="porter checks is open").get_by_role("button", name="lax").click()
        event(door, "let in").click()
        assert steps(door) == ["1 · ask with bad key", "2 · let in"]
        assert "broken here" in standing(door, "D-01")
        keep(door, "door")
        door.click("#back")
        assert steps(door) == ["1 · ask with bad key"]
        assert event(door, "let in").get_attribute("class") == "event ahead"
        door.click("#back")  # the answer about the porter is taken back, too
        assert door.locator(".question").count() == 1

    def test_what_may_not_happen_says_the_false_leaf(self, door: Page) -> None:
        door.locator(".question").get_by_role("button", name="good").click()
        door.click("#barred summary")
        why = door.locator("[data-event=ask_with_bad_key]").inner_text()
        assert "key is bad: it is good" in why
        why = door.locator("[data-event=let_in]").inner_text()
        assert "porter is judging: it is idle" in why

    def test_a_branch_is_kept_and_can_be_taken_up_again(self, door: Page) -> None:
        for name in ("strict", "bad"):
            door.click("#tab-environment")
            door.locator("#environment").get_by_role("button", name=f"is {name}").click()
        event(door, "ask with bad key").click()
        event(door, "✗ turn away").click()
        event(door, "ask with bad key").click()
        door.click("#back")
        door.click("#back")
        door.click("#back")
        assert door.locator("#branches button").count() == 0  # nothing is lost yet: it lies ahead
        door.locator("#environment").get_by_role("button", name="weather is wet").click()
        branch = door.locator("#branches button")
        assert branch.inner_text() == "3 steps, the last: ask with bad key"
        branch.click()
        assert steps(door) == ["1 · ask with bad key", "2 · ✗ turn away (401)", "3 · ask with bad key"]

    def test_bookmarks(self, door: Page) -> None:
        door.locator(".question").get_by_role("button", name="good").click()
        event(door, "ask with good key").click()
        door.click("#mark")
        door.click("#restart")
        door.locator("#marks button", has_text="step 1: ask with good key").click()
        assert steps(door) == ["1 · ask with good key"]
        door.get_by_role("button", name="forget step 1: ask with good key").click()
        assert door.locator("#marks button").count() == 0

    def test_going_to_a_step_of_the_run(self, whole: Page) -> None:
        whole.select_option("#walks", label="S-16c")
        whole.keyboard.press("End")
        many = len(steps(whole))
        whole.locator("#steps .what").nth(4).click()
        assert len(steps(whole)) == 5
        whole.keyboard.press("End")
        assert len(steps(whole)) == many

    def test_keys(self, door: Page) -> None:
        door.keyboard.press("e")
        door.locator("#environment").get_by_role("button", name="All else as usual").click()
        for key in ("1", "1", "Backspace"):
            door.keyboard.press(key)
        assert len(steps(door)) == 1
        door.keyboard.press("ArrowRight")
        assert len(steps(door)) == 2
        door.keyboard.press("Home")
        assert steps(door) == []
        door.keyboard.press("End")
        assert len(steps(door)) == 2
        for key, tab in (("p", "claims"), ("v", "values"), ("m", "machines")):
            door.keyboard.press(key)
            assert door.locator(f"#tab-{tab}").get_attribute("aria-selected") == "true"
            assert door.locator(f"#{tab}").is_visible()
        door.keyboard.press("/")
        door.keyboard.type("leave 1")  # a figure in a field is no event
        assert len(steps(door)) == 2
        door.keyboard.press("Escape")
        door.keyboard.press("?")
        assert door.locator("#keys").is_visible()
        door.keyboard.press("Escape")
        assert not door.locator("#keys").is_visible()

    def test_the_focus_stays_where_one_was(self, door: Page) -> None:
        """What is clicked is made anew: the next thing to choose has the focus, not the page as a whole."""
        said = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText.split('\\n')[1]"
        door.keyboard.press("e")
        door.locator("#environment").get_by_role("button", name="key is bad").press("Enter")
        assert door.evaluate(said) == "key is bad"
        event(door, "ask with bad key").press("Enter")
        assert door.evaluate("document.activeElement.closest('#enabled') !== null")
        door.keyboard.press("Enter")
        assert door.evaluate("document.activeElement.closest('#enabled') !== null")

    def test_an_answer_can_be_another(self, door: Page) -> None:
        door.locator(".question").get_by_role("button", name="bad").click()
        event(door, "ask with bad key").click()
        door.keyboard.press("e")
        door.locator("#environment").get_by_role("button", name="porter_checks is lax").click()
        event(door, "let in").click()
        door.locator("#environment").get_by_role("button", name="porter_checks is strict").click()
        assert steps(door) == ["1 · ask with bad key"]
        assert "(let in): it may not happen there" in door.inner_text("#notice")
        assert door.locator("#branches button").inner_text() == "2 steps, the last: let in"

    def test_the_link_over_the_list_is_no_address(self, door: Page) -> None:
        door.keyboard.press("Tab")
        door.locator(".skip").press("Enter")
        assert door.inner_text("#notice") == ""

    def test_the_filter(self, whole: Page) -> None:
        whole.fill("#filter", "tick")
        assert [each.split("\n")[1] for each in whole.locator("#enabled button.event").all_inner_texts()] == ["tick"]
        assert whole.locator("#enabled .question").count() == 0
        whole.fill("#filter", "no such words")
        assert whole.locator("#enabled").inner_text() == "no event has these words"


class TestRuns:
    def test_the_offending_step_of_a_counterexample_is_marked(self, whole: Page) -> None:
        whole.select_option("#walks", label="S-16c")
        assert steps(whole) == []
        assert "S-16c: No phantom registration" in whole.inner_text("#walk")
        whole.keyboard.press("ArrowRight")
        assert len(steps(whole)) == 1 and whole.locator(".offends").count() == 0
        whole.keyboard.press("End")
        offends = whole.locator("#steps .step").last
        assert "offends" in str(offends.get_attribute("class"))
        assert "✗ breaks S-16c: not so that" in offends.inner_text()
        assert whole.inner_text("#notice") == "✗ Broken here: S-16c."
        assert "broken here" in standing(whole, "S-16c")
        keep(whole, "counterexample")

    def test_a_claim_about_a_step_is_broken_by_the_step(self, whole: Page) -> None:
        whole.select_option("#walks", label="SEC-03s")
        whole.keyboard.press("End")
        assert "offends" in str(whole.locator("#steps .step").last.get_attribute("class"))
        assert whole.inner_text("#notice") == "✗ Broken here: SEC-03s."
        said = standing(whole, "SEC-03s")
        assert "broken here" in said and said.count(": it is") == 1 and "cmg revoked is not yes: it is yes" in said
        whole.click("#back")
        assert whole.inner_text("#notice") == "! The next step may break SEC-03s."
        assert "the next step may break it" in standing(whole, "SEC-03s")
        whole.fill("#filter", "tick")
        event(whole, "tick").click()
        assert "broken" not in standing(whole, "SEC-03s")

    def test_a_run_that_was_left_is_loaded_again_and_known_by_its_address(self, whole: Page, folder: Path) -> None:
        for _ in range(2):
            whole.select_option("#walks", label="S-16c")
            assert whole.evaluate("document.activeElement.id") == "run"
            whole.keyboard.press("End")
            whole.click("#restart")
        whole.select_option("#walks", label="S-16c")
        whole.keyboard.press("ArrowRight")
        address = whole.url
        whole.goto("about:blank")
        whole.goto(address)
        assert "S-16c" in whole.inner_text("#walk") and len(steps(whole)) == 1
        whole.keyboard.press("End")
        assert whole.locator(".offends").count() == 1

    def test_a_step_behind_a_run_that_stopped_goes_on_from_where_it_stopped(self, whole: Page, folder: Path) -> None:
        print_, tick = whole.evaluate(
            "[ccmproof.data.fingerprint, ccmproof.data.events.findIndex((event) => event.name === 'tick')]"
        )
        whole.goto("about:blank")
        whole.goto((folder / "whole.html").as_uri() + f"#v1.{print_}/{tick},999,3")
        assert len(steps(whole)) == 1 and "stops at its part 2" in whole.inner_text("#notice")
        event(whole, "tick").click()
        assert (len(steps(whole)), whole.inner_text("#notice")) == (2, "")

    def test_every_claim_stands_as_the_reference_semantics_says(self, whole: Page) -> None:
        """In each state of the two runs."""
        explored = Explored(SYSTEM, SYSTEM.scenarios["any-environment"])
        network = explored.network
        for place, name in enumerate(("S-16c", "SEC-03s")):
            run = explored.counterexample(SYSTEM.property(name)).run
            found = whole.evaluate(
                "(place) => { const { data, semantics, follow } = ccmproof;"
                " return follow(semantics, data.walks[place].tokens).states.map((state) => {"
                "   const truth = semantics.truthsIn(state);"
                "   return data.claims.filter((claim) => truth(claim.broken) === 2).map((claim) => claim.name); }); }",
                place,
            )
            safety = [prop for prop in explored.asked if prop.promise is None]
            wanted = [
                [p.id for p in safety if product.holds(network, broken(p, network), network.as_state(state))]
                for state in run.states
            ]
            assert found == wanted
            assert name in found[-2 if explored.of.property(name).on else -1]

    def test_the_address_is_the_whole_run(self, whole: Page, browser: Browser, folder: Path) -> None:
        whole.select_option("#walks", label="S-16c")
        for _ in range(7):
            whole.keyboard.press("ArrowRight")
        address, seen = whole.url, steps(whole)
        assert re.search(r"#v1\.[0-9a-f]{8}/[\du=,+.]+$", address)
        other = browser.new_context().new_page()
        other.goto(address)
        assert steps(other) == seen and len(seen) == 7
        assert other.inner_text("#notice") == ""
        other.context.close()

    @pytest.mark.parametrize(
        ("fragment", "said"),
        [
            ("#nonsense", "The address says no run that this page can read."),
            ("#%E0%A4%A", "The address says no run that this page can read."),
            ("#v2.{print}/1", "The address says a run of version 2; this page reads version 1."),
            ("#v1.00000000/1", "The address says a run of another model, scenario or version than this page's."),
            ("#v1.{print}/999", "The run stops at its part 1: there is no such event."),
            ("#v1.{print}/u0=77", "The run stops at its part 1: no environment is like that."),
            ("#v1.{print}/{sends}", "The run stops at its part 1 (ccmsetup sends aad info request): it may not happen"
             " there: ccmsetup is asking aad info: it is started"),
        ],
    )  # fmt: skip
    def test_an_address_that_is_none_says_why(self, whole: Page, folder: Path, fragment: str, said: str) -> None:
        data = whole.evaluate("[ccmproof.data.fingerprint, ccmproof.data.events.map((event) => event.name)]")
        sends = data[1].index("ccmsetup_sends_aad_info_request")
        whole.goto("about:blank")
        text = fragment.format(print=data[0], sends=sends)
        whole.goto((folder / "whole.html").as_uri() + text)
        assert whole.inner_text("#notice").startswith(said)

    def test_a_run_that_is_saved_is_read_by_ccmproof(self, whole: Page, tmp_path: Path) -> None:
        whole.select_option("#walks", label="SEC-03s")
        whole.keyboard.press("End")
        with whole.expect_download() as download:
            whole.click("#save")
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        read = read_run(file, SYSTEM, SYSTEM.scenarios["any-environment"])
        assert len(read.run) == len(steps(whole))
        assert read.run.to_json() == json.loads(file.read_text(encoding="utf-8"))


class TestSearch:
    def test_what_the_goal_asks_of_the_environment_comes_first(self, whole: Page) -> None:
        whole.fill("#goal", "ccmsetup is waiting_for_site and pki is valid and tenant is not onboarded")
        whole.press("#goal", "Enter")
        whole.locator("#found", has_text="There, by").wait_for()
        whole.keyboard.press("Escape")
        whole.keyboard.press("e")
        known = whole.evaluate(
            "['pki', 'tenant'].map((name) => { const a = ccmproof.semantics.actors.findIndex((of) => of.name === name);"
            " const { at, may } = ccmproof.history.state, of = ccmproof.semantics.actors[a];"
            " return (at[a] < 0 ? may[a] : [at[a]]).map((value) => of.states[value]); })"
        )
        assert known == [["valid"], ["not_onboarded", "disabled"]]

    @pytest.mark.parametrize(
        "text", ["toString", "constructor", "ccmsetup is toString", "__proto__ is x", "(" * 50_000]
    )
    def test_whatever_is_written_is_answered(self, whole: Page, text: str) -> None:
        whole.fill("#goal", "cmg is idle")
        whole.press("#goal", "Enter")
        whole.fill("#goal", text)
        whole.press("#goal", "Enter")
        said = whole.inner_text("#found")
        assert "no " in said or said == "That is nested too deeply to be understood."

    def test_a_search_ends_with_the_state_that_it_began_in(self, whole: Page) -> None:
        whole.fill("#goal", "messaging is sending and ccmsetup is started")
        whole.press("#goal", "Enter")
        whole.locator("#found", has_text="looking").wait_for()
        event(whole, "tick").click()
        assert whole.inner_text("#found") == "The search has ended: the state is another."
        assert not whole.locator("#stop").is_visible()

    def test_take_me_to_a_state(self, whole: Page) -> None:
        whole.fill("#goal", "ccmsetup is waiting_for_sts")
        whole.press("#goal", "Enter")
        whole.locator("#found", has_text="There, by").wait_for()
        assert "the shortest way where all that is open is as usual" in whole.inner_text("#found")
        assert state_of(whole, "ccmsetup") == "waiting for sts"
        assert "open" in whole.inner_text("#tab-environment")  # what the way does not hang on

    def test_what_cannot_be(self, door: Page) -> None:
        door.fill("#goal", "visitor is inside and porter is judging")
        door.press("#goal", "Enter")
        door.locator("#found", has_text="No way leads there from here.").wait_for()

    def test_what_is_so_already_and_what_cannot_be_read(self, door: Page) -> None:
        door.fill("#goal", "visitor is outside")
        door.press("#goal", "Enter")
        door.locator("#found", has_text="It is so here.").wait_for()
        door.fill("#goal", "visitr is outside")
        door.press("#goal", "Enter")
        assert door.inner_text("#found") == "there is no actor visitr (did you mean visitor?)"


class TestLooks:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_light_and_dark(self, browser: Browser, folder: Path, scheme: str) -> None:
        context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800})  # type: ignore[arg-type]
        page = context.new_page()
        page.goto((folder / "whole.html").as_uri())
        page.select_option("#walks", label="S-16c")
        page.keyboard.press("End")
        keep(page, scheme)
        assert dark(page) == (scheme == "dark")
        assert contrast(page, "body") >= 7
        for selector in ("#steps .step small", ".machine figcaption .now", ".broken", "header .about p"):
            assert contrast(page, selector) >= 4.5, selector
        page.keyboard.press("t")
        assert dark(page) == (scheme == "light")
        assert contrast(page, "body") >= 7
        context.close()

    def test_nothing_is_wider_than_the_window(self, whole: Page) -> None:
        whole.select_option("#walks", label="S-16c")
        whole.keyboard.press("End")
        for width in (1280, 1024, 800):
            whole.set_viewport_size({"width": width, "height": 700})
            for selector in ("html", "#next", "#views", "#run"):
                over = whole.evaluate(
                    "(which) => { const of = document.querySelector(which); return of.scrollWidth - of.clientWidth; }",
                    selector,
                )
                assert over <= 1, (width, selector)

    def test_whoever_hears_the_page_knows_what_each_thing_is(self, whole: Page) -> None:
        unnamed = whole.evaluate(
            "[...document.querySelectorAll('button, input, select, svg, [role]')].filter((e) =>"
            " !e.closest('template, [hidden], svg svg') && !['aria-label', 'aria-labelledby'].some((name) =>"
            " e.getAttribute(name)) && !e.textContent.trim() && !e.labels?.length"
            " && e.getAttribute('role') !== 'status').map((e) => e.outerHTML)"
        )
        assert unnamed == []
        assert whole.locator("#notice").get_attribute("aria-live") == "polite"

    def test_a_machine_in_large(self, whole: Page) -> None:
        whole.get_by_role("button", name="ccmsetup", exact=True).click()
        assert whole.locator("#large h2").inner_text() == "ccmsetup: started"
        assert whole.locator("#large .state.lit text").text_content() == "started"
        assert "ccmsetup asks the cmg" in str(whole.locator("#large svg").text_content())
        keep(whole, "large")


def dark(page: Page) -> bool:
    return bool(page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 25, 29)")


def contrast(page: Page, selector: str) -> float:
    """Of a text with the page behind it, as WCAG 2 has it."""
    ink, paper = page.evaluate(
        "(s) => [getComputedStyle(document.querySelector(s)).color, getComputedStyle(document.body).backgroundColor]",
        selector,
    )
    light, deep = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (deep + 0.05)


def luminance(colour: str) -> float:
    parts = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_change_marks_the_events_that_it_alters(page: Page, tmp_path: Path) -> None:
    changed = Explored(SYSTEM, SYSTEM.scenarios["any-environment"], {}, [named("c19-keep-nocrlcheck")])
    subject = changed.subject([changed.counterexample(SYSTEM.property("SEC-02b"))])
    reading = {
        f"tls_{each}" for each in ("succeeds", "root_is_not_trusted", "date_is_not_valid", "name_does_not_match")
    }
    assert subject.altered == {"enable_revocation_check", *reading}
    (tmp_path / "changed.html").write_text(page_of(subject), encoding="utf-8")
    with without_complaint(page):
        page.goto((tmp_path / "changed.html").as_uri())
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert event(page, "± tls succeeds").count() == 1
        page.keyboard.press("End")
        assert page.locator(".offends").inner_text().startswith("44 · tls succeeds")


def test_a_change_of_settings_alone_alters_no_event() -> None:
    changed = Explored(SYSTEM, SYSTEM.scenarios["any-environment"], {}, [named("c25-approve-all")])
    assert changed.subject().altered == frozenset()


def test_what_is_expected_is_expected_of_the_scenario() -> None:
    def remark(scenario: str, name: str) -> str:
        claims = Explored(SYSTEM, SYSTEM.scenarios[scenario]).subject().claims
        return next(claim.remark for claim in claims if claim.name == name)

    assert remark("any-environment", "S-16c").startswith("expected to fail: ")
    assert remark("adversary", "S-16c") == ""


def test_a_lasso_says_that_it_goes_on_for_ever(page: Page, tmp_path: Path) -> None:
    promises = Explored(SYSTEM, SYSTEM.scenarios["promises"])
    walk = promises.counterexample(SYSTEM.property("L-12"))
    (tmp_path / "lasso.html").write_text(page_of(promises.subject([walk])), encoding="utf-8")
    with without_complaint(page):
        page.goto((tmp_path / "lasso.html").as_uri())
        page.keyboard.press("End")
        assert walk.run.loop is not None
        assert (
            page.locator("#steps .step")
            .last.locator(".broken")
            .inner_text()
            .startswith("✗ breaks L-12: owed since step ")
        )
        assert "again and again" in page.locator("#steps .step").nth(walk.run.loop).inner_text()
        saved = page.evaluate("ccmproof.savedRun()")
        assert saved["loop"] == walk.run.loop
