"""The HTML report in a real headless Chromium; skipped where there is none."""

from __future__ import annotations

import shutil

import pytest
from hostile import NAMES, a_report

from checker.reports import html

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BROWSER or not DRIVER, reason="no chromium with its driver here"),
]
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
)


@pytest.fixture(scope="module")
def browser():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def show(browser, tmp_path):
    def show(report):
        file = tmp_path / "report.html"
        file.write_text(html.render(report), encoding="utf-8", errors="replace")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(file.as_uri())
        return browser

    return show


def cards(browser):
    return [c for c in browser.find_elements("css selector", "article") if c.is_displayed()]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_runs_a_script_or_loads_anything(show, name):
    browser = show(a_report(name))
    assert browser.get_log("browser") == []
    asked = [
        each["message"]
        for each in browser.get_log("performance")
        if '"Network.requestWillBeSent"' in each["message"]
    ]
    assert all("file://" in each or "data:" in each for each in asked)
    assert len(browser.find_elements("css selector", "script")) == 1
    assert browser.find_elements("css selector", "img, iframe, a[href^='http']") == []
    assert len(cards(browser)) == 4


def test_the_filter_shows_what_is_asked_for(show):
    browser = show(a_report())
    browser.find_element("css selector", "input[value=ready]").click()
    browser.find_element("css selector", "input[value=undecided]").click()
    assert len(cards(browser)) == 2
    assert "2 of 4" in browser.find_element("id", "shown").text
    browser.find_element("css selector", "option:nth-child(2)").click()
    assert len(cards(browser)) <= 1


def test_what_is_broken_stands_first_and_is_seen_without_scrolling(show):
    browser = show(a_report())
    browser.set_window_size(1200, 900)
    first = cards(browser)[0]
    assert first.get_attribute("data-verdict") == "blocked"
    assert first.rect["y"] < 600
    assert browser.find_element("css selector", ".edge.no").is_displayed()
    assert browser.find_element("css selector", "details[open] summary").is_displayed()


def test_everything_can_be_reached_by_keyboard(show):
    from selenium.webdriver.common.keys import Keys

    browser = show(a_report())
    reached = set()
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(browser.switch_to.active_element.tag_name)
    assert {"a", "input", "select", "summary", "pre"} <= reached
