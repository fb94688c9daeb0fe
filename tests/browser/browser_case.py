"""What all browser tests share: one Chromium for the whole run, and a separate server for each test."""

import unittest

from page import Page
from server import Server


class BrowserCase(unittest.TestCase):
    chromium = None  # set by run
    binaries = None
    figures = []  # what tests measured, printed at the end of the run

    def setUp(self):
        self.chromium.forget()
        self.server = Server(self.binaries)
        self.addCleanup(self.server.close)
        self.record = self.server.record

    def open_page(self):
        return Page(self.chromium, self.server)

    def tell(self, what, figure, unit, aim):
        """Notes a measured value beside its goal. A machine may be slow, so this fails no test."""
        self.figures.append(f"{what}: {figure:.1f} {unit}, {'met' if figure < aim else 'MISSED'} (aim {aim} {unit})")
