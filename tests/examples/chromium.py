"""A headless Chromium, told what to do by the DevTools protocol over its pipe."""

import base64
import itertools
import json
import os
import select
import subprocess
import time
from contextlib import contextmanager

PATIENCE = 60.0  # seconds


@contextmanager
def browsing(folder, *options):
    """A page of a browser whose files are in a folder."""
    to_browser, from_us = os.pipe()
    from_browser, to_us = os.pipe()
    with subprocess.Popen(
        [
            *("bash", "-c", f'exec "$@" 3<&{to_browser} 4>&{to_us}', "bash"),
            *("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio"),
            *("--remote-debugging-pipe", f"--user-data-dir={folder}", "--no-first-run"),
            *("--window-size=900,700", "--autoplay-policy=no-user-gesture-required", *options),
        ],
        pass_fds=(to_browser, to_us),
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(to_browser)
        os.close(to_us)
        try:
            yield Page(from_us, from_browser)
        finally:
            os.close(from_us)
            os.close(from_browser)
            process.kill()


class Page:
    """An open page."""

    def __init__(self, asking, answering):
        self._asking = asking
        self._answering = answering
        self._numbers = itertools.count(1)
        self._unread = b""
        self._session = {}
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        told = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": told["sessionId"]}

    def open(self, url):
        self._ask("Page.navigate", url=url)

    def value(self, expression):
        """What an expression gives, once it is there if it is a promise."""
        told = self._ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait_for(self, expression):
        """Ask for something until it is true."""
        end = time.monotonic() + PATIENCE
        while not (value := self.value(expression)):
            assert time.monotonic() < end, f"{expression} is never true"
        return value

    def screenshot(self):
        return base64.b64decode(self._ask("Page.captureScreenshot")["data"])

    def _ask(self, method, **parameters):
        number = next(self._numbers)
        asked = {"id": number, "method": method, "params": parameters, **self._session}
        os.write(self._asking, json.dumps(asked).encode() + b"\0")
        while (told := self._next()).get("id") != number:
            pass
        assert "error" not in told, told["error"]
        return told["result"]

    def _next(self):
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answering], [], [], PATIENCE)
            assert ready, "the browser says nothing"
            data = os.read(self._answering, 1 << 20)
            assert data, "the browser has ended"
            self._unread += data
        told, _, self._unread = self._unread.partition(b"\0")
        return json.loads(told)
