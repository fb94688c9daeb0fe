"""Waiting for what must come true, with a deadline."""

import time


def wait_until(condition, what, seconds=15.0):
    """Returns the first true result of condition(); fails, naming `what`, when none comes in time."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)
