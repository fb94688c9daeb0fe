"""approvekit-web behind a proxy, and a client that connects through it."""

import base64
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile

import example
from record import Record
from waiting import wait_until

TOKEN = "a-token-for-the-proxy-tests"
PATIENCE = 60


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Connection(http.client.HTTPSConnection):
    """Connects to this machine, under the name of the example."""

    def __init__(self, port):
        super().__init__(example.HOST, port, timeout=PATIENCE, context=ssl._create_unverified_context())

    def connect(self):
        self.sock = self._context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), self.timeout),
                                              server_hostname=self.host)


class ProxiedServer:
    """Both processes, in a folder that is removed with them. `proxy` is a function of the module example."""

    def __init__(self, binaries, proxy):
        self._folder = tempfile.TemporaryDirectory(prefix="approvekit-proxies-", ignore_cleanup_errors=True)
        self.folder = pathlib.Path(self._folder.name)
        self.processes = []
        self.port = free_port()
        self.origin = f"https://{example.HOST}:{self.port}"
        self.web = self._start_web(binaries)
        self.record = Record(self.folder / "approvals.db")
        self._start(proxy(self.folder, self.port, self.web["address"].split("/")[2]), "proxy")
        wait_until(lambda: self.is_reachable(), "the proxy to pass on", PATIENCE)

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(timeout=PATIENCE)
        self._folder.cleanup()

    # What every request here says, and what else the server is told.
    headers = {}
    options = ["--reviewer", "ada"]
    environment = {"APPROVEKIT_TOKEN": TOKEN}

    def _start(self, command, name):
        output = open(self.folder / name, "w+b")
        environment = {**os.environ, **self.environment, "HOME": str(self.folder)}
        environment["PATH"] += ":/usr/sbin"  # where Debian has nginx
        self.processes.append(subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT))

    def _start_web(self, binaries):
        options = [f"{option}:{self.port}" if option == f"https://{example.HOST}" else option
                   for option in example.web_options()]
        self._start([binaries / "approvekit-web", "--db", self.folder / "approvals.db", "--port", "0", "--json", "--share",
                     *self.options, *options], "web")
        line = re.compile(r"^\{.*\}\n", re.MULTILINE)
        return json.loads(wait_until(lambda: line.search((self.folder / "web").read_text()), "approvekit-web").group())

    def is_reachable(self):
        if self.processes[-1].poll() is not None:
            raise AssertionError(f"the proxy ended:\n{(self.folder / 'proxy').read_text()}")
        try:
            return self.ask("GET", "/approvals/api/health")[0] == 200
        except OSError:
            return False

    def connect(self):
        return Connection(self.port)

    def ask(self, method, path, body=None, **headers):
        """Returns status, headers and text of what a client gets through the proxy."""
        connection = self.connect()
        try:
            return self.asked_over(connection, method, path, body, {**self.headers, **headers})
        finally:
            connection.close()

    @staticmethod
    def asked_over(connection, method, path, body, headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            given["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), given)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class SignOnServer(ProxiedServer):
    """Behind a proxy that signs people in and says who asks."""

    headers = {"Authorization": basic(example.USER, example.PASSWORD)}
    options = ["--proxy-user-header", "Remote-User"]
    environment = {"APPROVEKIT_PROXY_SECRET": example.PROXY_SECRET}
