"""Drives Chromium through its debugging protocol, with nothing but Python's standard library (tests/report_browser.sh says what for).
Usage: report_browser.py FOLDER PAGE..., the pages lying in FOLDER, where the pictures are left too."""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"]
FAILURES = []


def check(holds, what):
    if not holds:
        FAILURES.append(what)
        print("FAILED:", what)


class Browser:
    """One Chromium, spoken to through two pipes: its file descriptors 3 and 4."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        to_read, self.to_write = os.pipe()
        self.to_read, to_write = os.pipe()
        low = [os.dup(descriptor) for descriptor in (to_read, to_write)]  # never 3 or 4 themselves while they are moved there

        def place():
            spare = [os.dup(descriptor) if descriptor in (3, 4) else descriptor for descriptor in low]
            os.dup2(spare[0], 3)
            os.dup2(spare[1], 4)

        self.process = subprocess.Popen(["chromium", *FLAGS, "--user-data-dir=" + self.folder, "about:blank"], preexec_fn=place,
                                        close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (to_read, to_write, *low):
            os.close(descriptor)
        self.number, self.buffer, self.events, self.session = 0, b"", [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def receive(self, patience=180):
        while b"\0" not in self.buffer:
            if not select.select([self.to_read], [], [], patience)[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.to_read, 1 << 20)
            if not piece:
                raise EOFError("the browser has ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def value(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(script + ": " + json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def open(self, file, where):  # from a blank page, so that what was open before is not taken for it
        url = json.dumps(file.as_uri())
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=file.as_uri())
        check(until(self, f"location.href === {url} && document.readyState === 'complete'"), f"{where}: does not load")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def until(browser, script, seconds=180):  # long, for machines that do much else; a page that holds needs a moment
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if browser.value(script):
            return True
        time.sleep(0.05)
    return False


def move_to(browser, place):
    browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])


def check_readout(browser, where):
    place = browser.value("""(() => { const all = [...document.querySelectorAll('figure.chart svg[data-plot]')];
        const svg = all.find((svg) => svg.getBoundingClientRect().width > 0);
        svg.scrollIntoView({block: 'center'}); const box = svg.getBoundingClientRect();
        return [box.left + box.width * 0.6, box.top + box.height / 2]; })()""")
    move_to(browser, place)
    shown = until(browser, "[...document.querySelectorAll('.tip')].some((tip) => !tip.hidden && /^step [0-9,]+/.test(tip.textContent))")
    check(shown, f"{where}: no read-out under the pointer")
    inside = browser.value("[...document.querySelectorAll('.tip')].filter((tip) => !tip.hidden).every((tip) => "
                           "tip.getBoundingClientRect().right <= innerWidth && tip.getBoundingClientRect().left >= 0)")
    check(inside, f"{where}: the read-out leaves the page")
    move_to(browser, [1, 1])


def check_episodes(browser, where):
    players = browser.value("document.querySelectorAll('figure.player canvas').length")
    check(players >= 1, f"{where}: no episode")
    for i in range(players):
        player = f"document.querySelectorAll('figure.player')[{i}]"
        browser.value(f"window.shown = () => Number({player}.querySelector('input').value)")
        browser.value(f"{player}.scrollIntoView({{block: 'center'}})")
        before = browser.value(f"{player}.querySelector('canvas').toDataURL()")
        check(browser.value("shown()") == 0, f"{where}: episode {i} moves although motion is to be reduced")
        browser.value(f"{player}.querySelector('button').click()")
        check(until(browser, "shown() >= 3"), f"{where}: episode {i} does not play")
        browser.value(f"{player}.querySelector('button').click()")
        stopped = browser.value("shown()")
        time.sleep(0.2)
        check(browser.value("shown()") == stopped, f"{where}: episode {i} does not pause")
        told = browser.value(f"(() => {{ const input = {player}.querySelector('input'); input.value = input.max;"
                             f" input.dispatchEvent(new Event('input')); return {player}.querySelector('output').textContent; }})()")
        last = browser.value(f"{player}.querySelector('input').max")
        check(told.startswith(f"step {last} of {last} "), f"{where}: episode {i} cannot be scrubbed: {told}")
        check(browser.value(f"{player}.querySelector('canvas').toDataURL()") != before, f"{where}: episode {i} shows no motion")
        final = browser.value(f"{player}.querySelector('figcaption strong').textContent")
        check(told.endswith(final), f"{where}: episode {i} ends with another return ({told}) than is told ({final})")


def check_page(browser, file, scheme, width, picture):
    where = f"{file.name}, {scheme}, {width} px"
    browser.events.clear()
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 500)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme},
                                                         {"name": "prefers-reduced-motion", "value": "reduce"}])
    browser.open(file, where)
    wide = browser.value("document.documentElement.scrollWidth")
    check(wide <= width, f"{where}: {wide} px wide")
    cut = browser.value("[...document.querySelectorAll('main *')].filter((e) => !e.closest('.scroll') && !e.closest('svg') && "
                        "e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.tagName + '.' + e.className).slice(0, 5)")
    check(not cut, f"{where}: reaches beyond the page: {cut}")
    dark = browser.value("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).every((v) => v < 64)")
    check(dark == (scheme == "dark"), f"{where}: the colours are not {scheme}")
    letters = browser.value("Math.min(...[...document.querySelectorAll('svg text')].filter((t) => t.getBoundingClientRect().width > 0)"
                            ".map((t) => parseFloat(t.getAttribute('font-size')) * t.getScreenCTM().a))")
    check(letters >= 9, f"{where}: words in figures are only {letters:.1f} px high")
    check_readout(browser, where)
    check_episodes(browser, where)
    for event in browser.events:
        kind, told = event.get("method"), event.get("params", {})
        check(kind != "Runtime.exceptionThrown", f"{where}: a script failed: {json.dumps(told)[:400]}")
        check(kind not in ("Log.entryAdded", "Runtime.consoleAPICalled"), f"{where}: the browser complains: {json.dumps(told)[:400]}")
        if kind == "Network.requestWillBeSent":
            check(told["request"]["url"] in (file.as_uri(), "about:blank"), f"{where}: asks for {told['request']['url'][:200]}")
    requests = [e for e in browser.events if e.get("method") == "Network.requestWillBeSent" and
                e["params"]["request"]["url"] != "about:blank"]
    check(len(requests) == 1, f"{where}: {len(requests)} requests seen where the page itself is one")
    browser.value("scrollTo(0, 0)")
    height = browser.value("document.documentElement.scrollHeight")
    shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width, "height": min(height, 12000), "scale": 1})
    picture.write_bytes(base64.b64decode(shot["data"]))


def check_hostile_names(browser, file):
    browser.open(file, file.name)
    check(browser.value("document.querySelectorAll('script').length === document.querySelectorAll('figure script').length + 1"),
          f"{file.name}: a name became a script")
    check(browser.value("document.body.textContent.includes('<script>alert(1)<')"), f"{file.name}: a name is not shown as it is")


def main():
    folder, pages = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    for page in pages:
        xml.etree.ElementTree.parse(folder / page)  # throws where it is not well-formed
    browser = Browser()
    try:
        for page in pages:
            for scheme in ("light", "dark"):
                for width in (1280, 390):
                    check_page(browser, folder / page, scheme, width, folder / f"{page[:-5]}-{scheme}-{width}.png")
        check_hostile_names(browser, folder / pages[0])
    finally:
        browser.close()
    print(f"{len(FAILURES)} failures" if FAILURES else f"{len(pages)} pages hold in light and dark, at 1280 and 390 px")
    sys.exit(1 if FAILURES else 0)


if __name__ == "__main__":
    main()
