"""What the first load of a page weighs, in a real browser with an empty cache: bytes on the wire, and requests.

Counts, not times: they are the same on any machine.
"""

import sys
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from bench import report
from bench.chromium import CHROMIUM, OPTIONS
from bench.portal import Portal

KILOBYTES, REQUESTS, SCRIPT = 60, 6, 20


def measure():
    if CHROMIUM is None:
        sys.exit("Chromium is absent: see `make browser`")
    with Portal() as portal, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        try:
            return [loaded(browser, visit) for visit in portal.visits()]
        finally:
            browser.close()


def loaded(browser, visit):
    """One page in a browser that has nothing of it yet."""
    context = browser.new_context()
    try:
        context.add_cookies([{"name": name, "value": value, "url": visit.url} for name, value in visit.cookies.items()])
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        asked, weights = {}, {}
        network.on("Network.responseReceived", lambda event: asked.update({event["requestId"]: event}))
        network.on("Network.loadingFinished", lambda event: weights.update({event["requestId"]: event}))
        response = page.goto(visit.url, wait_until="networkidle")
        if response.status != 200 or page.url != visit.url:
            raise RuntimeError(f"{visit.name}: {response.status} {page.url}")
        return row(visit, asked, weights)
    finally:
        context.close()


def row(visit, asked, weights):
    def kilobytes(ids):
        return round(sum(weights[each]["encodedDataLength"] for each in ids if each in weights) / 1000, 1)

    sent = {key: event for key, event in asked.items() if travelled(event["response"])}
    host = urlsplit(visit.url).netloc
    return {
        "page": visit.name,
        "requests": len(sent),
        "kB": kilobytes(sent),
        "script kB": kilobytes(key for key, event in sent.items() if event["type"] == "Script"),
        "elsewhere": sum(urlsplit(event["response"]["url"]).netloc != host for event in sent.values()),
    }


def travelled(response):
    """Not what the page carries in itself, nor what it asks for twice: the logo is also its icon."""
    return not (response["url"].startswith("data:") or response.get("fromDiskCache"))


def bars(rows):
    form = next(each for each in rows if each["page"] == "form")
    return [
        report.at_most("first load of a form page", form["kB"], KILOBYTES, "kB"),
        report.at_most("requests of a form page", form["requests"], REQUESTS),
        report.at_most("script, the heaviest page", max(each["script kB"] for each in rows), SCRIPT, "kB"),
        report.at_most("requests to another site", sum(each["elsewhere"] for each in rows), 0),
    ]


if __name__ == "__main__":
    sys.exit(report.run("pages", measure, bars))
