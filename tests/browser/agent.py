"""A real agent, which has a lease, a deadline and the true arguments."""

import json
import signal
import subprocess


class Agent:
    """Makes one guarded call in a separate process."""

    def __init__(self, server, tool, args, error=None, reviewers=None, circle=None, **rule):
        policy = {"rules": [{"tool": tool, "require_approval": True, "timeout": 60, "risk_level": "high", **rule}]}
        if circle:
            policy["rules"][0]["reviewers"] = circle
        if reviewers:
            policy["reviewers"] = reviewers
        command = [server.binaries / "browser_test_agent", server.database, json.dumps(policy), tool, json.dumps(args)]
        self.process = subprocess.Popen(command + ([error] if error else []), stdout=subprocess.PIPE, text=True)

    def answer(self):
        """Returns how the call ended."""
        return self.process.communicate(timeout=20)[0].strip()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=20)

    def close(self):
        if self.process.poll() is None:
            self.kill()
        self.process.stdout.close()
