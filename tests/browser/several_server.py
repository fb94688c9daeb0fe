"""A running approvekit-web with several reviewers."""

import json
import os
import re
import subprocess

from server import Server
from waiting import wait_until


class SeveralServer(Server):
    """Each of them has `links[name]`; nobody has a token."""

    names = ("ann", "bob", "cyd")

    def __init__(self, binaries, options=(), environment=None):
        self.options = options
        self.environment = environment or {}
        super().__init__(binaries)

    def start(self):
        self.team = self.folder / "team.yaml"
        output = open(self.folder / "output", "w+b")
        self.links = {name: self.invite(name) for name in self.names}
        self.process = subprocess.Popen(
            [self.binaries / "approvekit-web", "--db", self.database, "--port", str(self.port), "--share", "--reviewers", self.team,
             *self.options],
            env={**os.environ, **self.environment}, stdout=output, stderr=subprocess.STDOUT)
        self.address = wait_until(self._printed_address, "approvekit-web to say where it is")
        self.port = int(self.address.rsplit(":", 1)[1])
        self.links = {name: self.address + "/" + link.split("/", 3)[3] for name, link in self.links.items()}

    def invite(self, name):
        """Returns the link, which leads to this server when its port is known."""
        words = ["--json", "invite", name, "--reviewers", self.team, "--address", getattr(self, "address", "http://127.0.0.1:1")]
        return json.loads(self.command(*words))["link"]

    def remove(self, name):
        self.command("reviewers", "remove", name, "--reviewers", self.team)

    def command(self, *words):
        return subprocess.run([self.binaries / "approvekit-review", *words], check=True, capture_output=True, text=True,
                              timeout=20, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

    def _printed_address(self):
        text = (self.folder / "output").read_text()
        if self.process.poll() is not None:
            raise AssertionError(f"approvekit-web ended at its start:\n{text}")
        found = re.search(r"at (http://\S+[0-9])\.\n", text)
        return found and "Press Ctrl+C" in text and found.group(1)
