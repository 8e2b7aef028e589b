"""A headless Chromium for the tests of the HTML page; they are skipped where there is none."""

from __future__ import annotations

import headless
import pytest

from checker.reports import html


@pytest.fixture(scope="session")
def chromium():
    if not headless.CHROMIUM or not headless.DRIVER:
        pytest.skip("no chromium with its driver here")
    with headless.browser() as started:
        yield started


@pytest.fixture
def browser(chromium):
    """The browser as it is when started: a wide window, light, with scripts."""

    def emulate(scheme="light", motion="no-preference", media="", width=1280, scripts=True):
        features = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
        chromium.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"media": media, "features": [{"name": n, "value": v} for n, v in features.items()]},
        )
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})

    chromium.emulate = emulate
    emulate()
    yield chromium
    emulate()


@pytest.fixture
def show(browser, tmp_path):
    def show(report, **emulated):
        file = tmp_path / "report.html"
        file.write_text(html.render(report), encoding="utf-8", errors="replace")
        browser.emulate(**emulated)
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(file.as_uri())
        return browser

    return show
