"""The HTML report in a real headless Chromium: what its table, filters and links do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hostile import NAMES, a_report
from mapped import a_page
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from checker.reports.page import findings

pytestmark = pytest.mark.browser
MAPPING = "aws_lambda_event_source_mapping"
CLIPBOARD = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}


def rows(browser, table="table"):
    found = browser.find_elements("css selector", f"{table} tbody tr:not(.detail)")
    return [each for each in found if each.is_displayed()]


def names(browser):
    return [each.find_element("css selector", "th button").text for each in rows(browser)]


def said(browser):
    return browser.find_element("id", "shown").text


def until(browser, holds):
    WebDriverWait(browser, 10).until(lambda _: holds())


def search(browser, text):
    field = browser.find_element("name", "query")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(Keys.NULL, text or Keys.BACKSPACE)


def shown(browser):
    """Return the rules of the findings that are not filtered out."""
    found = browser.find_elements("css selector", "details.finding summary b")
    return [each.text for each in found if each.is_displayed()]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_runs_a_script_or_loads_anything(show, name):
    browser = show(a_report(name))
    for each in browser.find_elements("css selector", "tbody .open"):
        browser.execute_script("arguments[0].click()", each)
    assert browser.get_log("browser") == []
    asked = [
        each["message"]
        for each in browser.get_log("performance")
        if '"Network.requestWillBeSent"' in each["message"]
    ]
    assert all("file://" in each or "data:" in each for each in asked)
    assert len(browser.find_elements("css selector", "script:not([type])")) == 1
    assert browser.find_elements("css selector", "img, iframe, a[href^='http']") == []
    assert len(browser.find_elements("css selector", "tr.detail")) == 4
    assert browser.find_element("css selector", "dd").text.strip() != "" or not name.strip()


def test_what_is_broken_stands_first_and_is_seen_without_scrolling(show):
    browser = show(a_report())
    first = rows(browser)[0]
    assert first.get_attribute("class") == "blocked"
    assert first.rect["y"] < 600
    assert browser.find_element("css selector", "details[open] summary").is_displayed()


def test_what_is_ready_is_folded_unless_all_is(show):
    browser = show(a_page())
    assert len(rows(browser)) == 8
    browser.find_element("css selector", "#ready summary").click()
    assert len(rows(browser, "#ready table")) == 4
    report = a_page()
    browser = show(replace(report, mappings=report.mappings[8:]))
    assert len(rows(browser)) == 4


def test_the_filter_by_verdict_shows_what_is_asked_for(show):
    browser = show(a_page())
    browser.find_element("css selector", "input[value=blocked]").click()
    assert {each.get_attribute("class") for each in rows(browser)} == {"at-risk"}
    assert said(browser) == "Shown: 8 of 12 mappings, 6 of 7 findings"
    assert "role-cannot-read-queue" not in shown(browser)


def test_the_filter_by_rule_opens_what_is_ready_and_folds_it_again(show):
    browser = show(a_page())
    browser.find_element("css selector", "option:last-child").click()
    assert names(browser) == [f"{MAPPING}.m11"]
    assert shown(browser) == ["whole-batch-retried"]
    browser.find_element("css selector", "button[type=reset]").click()
    assert len(rows(browser)) == 8
    assert said(browser) == "Shown: 12 of 12 mappings, 7 of 7 findings"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" Q11 ", ["m11"]),
        ("aws_lambda_function.f5", ["m5"]),
        ("sqs:deletemessage", ["m0", "m1", "m2", "m3"]),
        ("dead-letter-queue-missing", ["m4", "m5", "m6", "m7"]),
        ("main.tf:60", ["m5"]),
        ("<script>", []),
    ],
)
def test_the_search_looks_at_mappings_and_at_what_is_found(show, text, found):
    browser = show(a_page())
    search(browser, text)
    assert [each.rpartition(".")[2] for each in names(browser)] == found
    assert said(browser).startswith(f"Shown: {len(found)} of 12 mappings")


def test_a_search_leaves_the_findings_that_it_is_about(show):
    browser = show(a_page())
    search(browser, "q5")
    assert shown(browser) == ["dead-letter-queue-missing"]
    search(browser, "no such thing")
    assert shown(browser) == []


def test_every_column_sorts_in_both_directions(show):
    browser = show(a_page(each=6))
    for key in ("name", "joins", "where", "findings", "verdict"):
        head = browser.find_element("css selector", f"th[data-key={key}]")
        orders = []
        for _ in range(2):
            head.find_element("tag name", "button").click()
            orders.append((head.get_attribute("aria-sort"), names(browser)))
        assert {order for order, _ in orders} == {"ascending", "descending"}, key
        assert len(browser.find_elements("css selector", "thead th[aria-sort]")) == 2
        if key in {"name", "joins", "verdict"}:
            assert orders[0][1] == orders[1][1][::-1] != orders[1][1]
    # Numbers in names are numbers: m10 stands behind m9.
    browser.find_element("css selector", "th[data-key=name] button").click()
    assert [each.rpartition(".m")[2] for each in names(browser)] == list(map(str, range(12)))


def test_many_rows_come_a_page_at_a_time_and_in_order(show):
    browser = show(a_page(each=120))
    assert len(rows(browser)) == 100
    browser.find_element("css selector", ".paging button").click()
    assert len(rows(browser)) == 200
    focused = browser.switch_to.active_element.text
    assert focused == names(browser)[100] == f"{MAPPING}.m100"
    browser.find_element("css selector", "th[data-key=name] button").click()
    browser.find_element("css selector", "th[data-key=name] button").click()
    browser.find_element("css selector", ".paging button:last-of-type").click()
    assert [each.rpartition(".m")[2] for each in names(browser)] == list(
        map(str, range(239, -1, -1))
    )
    assert not browser.find_element("css selector", ".paging").is_displayed()


def test_a_mapping_opens_with_its_parts_its_picture_and_its_findings(show):
    browser = show(a_page())
    button = rows(browser)[0].find_element("css selector", ".open")
    assert browser.find_elements("css selector", "svg") == []
    button.click()
    detail = browser.find_element("css selector", "tr.detail")
    assert button.get_attribute("aria-expanded") == "true"
    kinds = [each.text for each in detail.find_elements("css selector", "svg .kind")]
    assert kinds == ["queue", "mapping", "function", "role"]
    assert detail.find_element("css selector", "svg .edge.no").is_displayed()
    link = detail.find_element("link text", "role-cannot-read-queue")
    assert link.get_attribute("hash") == "#f0"
    button.click()
    assert not detail.is_displayed()


def test_what_has_nothing_to_show_has_no_picture(show):
    browser = show(a_page())
    browser.find_element("css selector", "#ready summary").click()
    ready = rows(browser, "#ready table")[0]
    ready.find_element("css selector", ".open").click()
    assert browser.find_element("css selector", "tr.detail dl").is_displayed()
    assert browser.find_elements("css selector", "svg") == []


def test_what_is_only_said_of_unknown_parts_has_no_picture(show):
    report = a_page()
    browser = show(replace(report, mappings=(replace(report.mappings[0], role=None),)))
    rows(browser)[0].find_element("css selector", ".open").click()
    assert browser.find_element("css selector", ".needs .edge.no").is_displayed()
    assert browser.find_elements("css selector", "svg") == []


@pytest.mark.parametrize("length", [5, 60, 200, 590])
def test_names_in_the_picture_are_whole_and_in_their_boxes(show, length):
    name = ("module.orders.aws_sqs_queue-" * 30)[:length]
    browser = show(a_report(name))
    rows(browser)[0].find_element("css selector", ".open").click()
    boxes = browser.find_elements("css selector", "svg .box")
    assert len(boxes) == 6
    for box in boxes:
        texts = box.find_elements("css selector", ".name")
        assert name in "".join(each.text for each in texts)
        frame = box.find_element("css selector", "rect").rect
        for each in texts:
            assert each.rect["x"] + each.rect["width"] <= frame["x"] + frame["width"]
            assert each.rect["y"] + each.rect["height"] <= frame["y"] + frame["height"]


def test_a_fix_is_copied(show):
    browser = show(a_page())
    browser.execute_cdp_cmd("Browser.grantPermissions", CLIPBOARD)
    button = browser.find_element("css selector", "#f0 .copy")
    assert button.accessible_name.startswith("Copy: { Effect")
    button.click()
    read = "navigator.clipboard.readText().then(arguments[0])"
    assert (
        browser.execute_async_script(read) == '{ Effect = "Allow", Action = ["sqs:DeleteMessage"] }'
    )
    assert browser.find_element("css selector", "#f0 .copy").text == "copied"


def test_a_link_opens_what_is_folded_and_shows_what_is_filtered_out(show):
    browser = show(a_page(each=120))
    search(browser, "m120")
    link = rows(browser)[0].find_element("link text", "dead-letter-queue-missing")
    link.send_keys(Keys.ENTER)
    until(browser, lambda: browser.switch_to.active_element.tag_name == "summary")
    assert browser.find_element("id", "f1").get_attribute("open")
    browser.find_element("css selector", "#f1 .affects a").send_keys(Keys.ENTER)
    until(browser, lambda: browser.switch_to.active_element.text == f"{MAPPING}.m120")
    # The row of another stands on a later page, and is filtered out.
    search(browser, "no such thing")
    browser.execute_script("location.hash = '#m239'")
    until(browser, lambda: said(browser).startswith("Shown: 360 of 360"))
    assert "m239" in names(browser)[-1]


def test_a_link_opens_a_list_that_is_folded(show):
    browser = show(a_page(each=120))
    item = browser.find_element("id", "f31")
    assert not item.is_displayed()
    search(browser, "m150")
    rows(browser)[0].find_element("css selector", "td a").send_keys(Keys.ENTER)
    until(browser, lambda: browser.switch_to.active_element == item)
    assert item.is_displayed()
    assert f"{MAPPING}.m150" in item.text
    # What the search leaves out of the list is hidden, also where the list was folded before.
    assert not browser.find_element("id", "f32").is_displayed()
    search(browser, "")
    assert browser.find_element("id", "f32").is_displayed()


def test_a_note_that_is_only_counted_stands_at_its_mapping(show, monkeypatch):
    monkeypatch.setitem(findings.MOST_LISTED, "note", 3)
    report = a_page(each=8)
    (note,) = [each for each in report.findings if each.rule == "whole-batch-retried"]
    notes = tuple(replace(note, mappings=(each.id,)) for each in report.mappings[:8])
    browser = show(replace(report, findings=(*report.findings, *notes)))
    last = rows(browser)[7]
    last.find_element("css selector", ".open").click()
    found = browser.find_elements("css selector", "tr.detail .found li")
    assert [each.text.split()[0] for each in found][-1] == "whole-batch-retried"


def test_a_finding_of_many_mappings_names_some_and_filters_for_all(show):
    browser = show(a_page(each=30))
    affects = browser.find_element("css selector", "#f0 .affects")
    assert len(affects.find_elements("css selector", "a")) == 10
    assert "and 20 more" in affects.text
    affects.find_element("css selector", "button").click()
    assert len(rows(browser)) == 30
