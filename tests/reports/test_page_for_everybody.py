"""The HTML report by keyboard, to a screen reader, dark, on paper, small and without a script."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hostile import a_report
from mapped import a_page
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.browser
WIDE = "return [document.documentElement.scrollWidth, innerWidth]"
OPEN = """
for (const each of document.querySelectorAll("details")) each.open = true;
for (const each of document.querySelectorAll(".open")) each.click();
"""
SEEN = """
window.seen = [];
for (const when of ["beforeprint", "afterprint"]) addEventListener(when, () => seen.push({
  rows: [...document.querySelectorAll("tbody tr")].filter((row) => row.checkVisibility()).length,
  folded: document.querySelectorAll("details:not([open])").length,
}));
"""


def violations(browser):
    axe = files("selenium_axe_python") / "axe-core" / "axe.min.js"
    browser.execute_script(axe.read_text("utf-8"))
    found = browser.execute_async_script(
        "axe.run(document, {resultTypes: ['violations']}).then(arguments[0])"
    )
    return [
        (each["id"], node["target"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(show, scheme, width):
    for report in (a_page(each=8), a_report()):
        browser = show(report, scheme=scheme, width=width)
        assert violations(browser) == []
        browser.execute_script(OPEN)
        assert violations(browser) == []


@pytest.mark.parametrize("name", ["a", "m" * 300, "module.x.aws_sqs_queue.q" * 20])
def test_a_small_screen_does_not_scroll_sideways(show, name):
    browser = show(a_report(name), width=390)
    browser.execute_script(OPEN)
    wide, inner = browser.execute_script(WIDE)
    assert wide <= inner == 390
    assert browser.find_element("css selector", "th[data-key=name] button").is_displayed()
    assert browser.find_element("css selector", "tr.detail .needs").is_displayed()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_table_is_one_for_a_screen_reader(show, width):
    browser = show(a_page(), width=width)
    roles = {
        name: browser.find_element("css selector", name).aria_role
        for name in ("table", "tbody tr", "tbody th", "tbody td")
    }
    assert list(roles.values()) == ["table", "row", "rowheader", "cell"]
    status = browser.find_element("id", "shown")
    assert status.aria_role == "status"
    for field in browser.find_elements("css selector", "input, select, button"):
        if field.is_displayed():
            assert field.accessible_name


def test_everything_can_be_reached_and_used_by_keyboard(show):
    browser = show(a_page(each=2))
    reached = []
    for _ in range(60):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        now = browser.switch_to.active_element
        reached.append((now.tag_name, now.get_attribute("name") or now.text))
    order = [("a", "Skip to the mappings"), ("input", "verdict"), ("input", "query")]
    order += [("select", "rule"), ("button", "Clear"), ("button", "Verdict")]
    order += [("button", "aws_lambda_event_source_mapping.m0"), ("a", "role-cannot-read-queue")]
    places = [reached.index(each) for each in order]
    assert places == sorted(places)
    assert {"summary", "pre"} <= {tag for tag, _ in reached}
    opens = browser.find_element("css selector", ".open")
    opens.send_keys(Keys.ENTER)
    assert browser.find_element("css selector", "tr.detail").is_displayed()
    browser.find_element("css selector", "#ready summary").send_keys(Keys.SPACE)
    assert browser.find_element("css selector", "#ready table").is_displayed()


def test_the_focus_is_seen(show):
    browser = show(a_page())
    for _ in range(12):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        assert focused.value_of_css_property("outline-style") == "solid", focused.tag_name


def test_the_dark_page_is_dark(show):
    colors = {}
    for scheme in ("light", "dark"):
        body = show(a_page(), scheme=scheme).find_element("tag name", "body")
        colors[scheme] = (
            body.value_of_css_property("background-color"),
            body.value_of_css_property("color"),
        )
    assert "255, 255, 255" in colors["light"][0]
    assert "13, 17, 23" in colors["dark"][0]
    assert colors["light"] != colors["dark"]


def test_nothing_moves(show):
    browser = show(a_page(), motion="reduce")
    moving = """
    return [...document.querySelectorAll("*")].filter((each) => {
      const style = getComputedStyle(each);
      return parseFloat(style.transitionDuration) || style.animationName !== "none" ||
        style.scrollBehavior !== "auto";
    }).length"""
    assert browser.execute_script(moving) == 0


def test_paper_has_everything_unfolded_and_the_screen_is_as_before(show):
    browser = show(a_page(each=120))
    browser.execute_script(SEEN)
    folded = len(browser.find_elements("css selector", "details:not([open])"))
    browser.execute_cdp_cmd("Page.printToPDF", {})
    before, after = browser.execute_script("return seen")
    assert before == {"rows": 360, "folded": 0}
    assert after == {"rows": 100, "folded": folded}


def test_paper_has_no_controls(show):
    browser = show(a_page(each=120), media="print", scheme="dark")
    for each in (".skip", "[name=query]", "[name=rule]", ".copy", ".paging", "[name=verdict]"):
        assert not browser.find_element("css selector", each).is_displayed(), each
    background = browser.find_element("tag name", "body").value_of_css_property("background-color")
    assert "255, 255, 255" in background


@pytest.mark.parametrize("media", ["", "print"])
def test_without_script_everything_is_there_to_be_read(show, media):
    browser = show(a_page(each=120), scripts=False, media=media)
    assert len(browser.find_elements("css selector", "tbody tr")) == 360
    assert browser.find_elements("css selector", "tbody tr")[239].is_displayed()
    for each in ("[name=query]", "[name=rule]", "[name=verdict]", "[type=reset]"):
        assert not browser.find_element("css selector", each).is_displayed()
    assert browser.find_element("css selector", "#f0 .message").is_displayed()
    assert (
        browser.find_element("css selector", ".excerpt").text.lstrip().startswith("--> iam.tf:3:3")
    )
    assert "120 blocked" in browser.find_element("css selector", ".controls").text.replace(
        "\n", " "
    )
    folded = "return [...document.querySelectorAll('#ready tbody tr, #f1 .others li')]"
    seen = browser.execute_script(f"{folded}.map((each) => each.checkVisibility())")
    assert set(seen) == {media == "print"}
    for each in ("unread", "assumptions"):
        assert browser.find_element("id", each).is_displayed()
