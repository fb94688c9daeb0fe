"""Waiting until something is true, with a deadline."""

import time

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException


def wait_until(condition, what, seconds=60.0):
    """Returns the first true result of condition(). Fails, naming `what`, if none comes in time. Asks less often the
    longer it has waited, since other tests need the processor too."""
    begin = time.monotonic()
    while True:
        result = is_so(condition)
        if result:
            return result
        waited = time.monotonic() - begin
        if waited > seconds:
            raise AssertionError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(min(max(waited / 8, 0.02), 0.1))


def is_so(condition):
    """Returns the result of condition(), or None if an element is not on the page yet or not any more."""
    try:
        return condition()
    except (NoSuchElementException, StaleElementReferenceException):
        return None
