"""What all browser tests share: one Chromium for the whole run, and a server of its own for each test."""

import unittest

from page import Page
from server import Server


class BrowserCase(unittest.TestCase):
    chromium = None  # set by run
    binaries = None

    def setUp(self):
        self.chromium.forget()
        self.server = Server(self.binaries)
        self.addCleanup(self.server.close)
        self.record = self.server.record

    def open_page(self):
        return Page(self.chromium, self.server)
