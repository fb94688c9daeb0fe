"""A running approvekit-web."""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import urllib.parse
import urllib.request

from record import Record
from waiting import wait_until

TOKEN = "a-token-for-the-browser-tests"


class Server:
    """approvekit-web on a separate database, in a folder that is removed with it."""

    def __init__(self, binaries):
        self.binaries = pathlib.Path(binaries)
        self._folder = tempfile.TemporaryDirectory(prefix="approvekit-browser-")
        self.folder = pathlib.Path(self._folder.name)
        self.database = self.folder / "approvals.db"
        self.port = 0
        self.process = None
        self.start()
        self.record = Record(self.database)

    def start(self, token=TOKEN, options=(), environment=None):
        """Starts it, on the same port as before if it ran before."""
        self.token = token
        output = open(self.folder / "output", "w+b")
        self.process = subprocess.Popen(
            [self.binaries / "approvekit-web", "--db", self.database, "--port", str(self.port), "--reviewer", "ada",
             "--share",  # the tests write rows as other programs do
             *options],
            env={**os.environ, **(environment or {}), "APPROVEKIT_TOKEN": token}, stdout=output, stderr=subprocess.STDOUT)
        self.link = wait_until(self._printed_link, "approvekit-web to print its link")
        self.address = self.link.split("/#")[0]
        self.port = urllib.parse.urlsplit(self.address).port

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(timeout=20)

    def close(self):
        self.stop()
        self._folder.cleanup()

    def call(self, path, body=None):
        """Returns what a client without a browser gets from the API."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def fresh_link(self):
        return self.call("/api/link", {})["link"]

    def decide(self, request_id, verdict, notes=""):
        return self.call(f"/api/requests/{request_id}/{verdict}", {"notes": notes})

    def open_stream(self):
        """An event stream that another client keeps open until it is closed."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return urllib.request.urlopen(urllib.request.Request(self.address + "/api/events", headers=headers), timeout=10)

    def review(self, *arguments):
        """Runs approvekit-review on the same database."""
        command = [self.binaries / "approvekit-review", "--db", self.database, "--reviewer", "grace", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20,
                              env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

    def _printed_link(self):
        text = (self.folder / "output").read_text()
        if self.process.poll() is not None:
            raise AssertionError(f"approvekit-web ended at its start:\n{text}")
        return next((word for word in text.split() if "/#sign-in=" in word), None)
