"""The database as another program sees it: read and written as the Python package of the same name does."""

import json
import sqlite3
import uuid
from datetime import datetime, timedelta, timezone


def stamp(seconds=0.0):
    """Returns the current time, shifted, in the form of every time in the database."""
    moment = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")


class Record:
    """Rows of the two base tables. Opens the file again for each call, as a program does that comes and goes."""


    def __init__(self, path):
        self.path = path

    def plant_request(self, tool="send_email", args=None, raw_args=None, request_id=None, status="pending", **metadata):
        request_id = request_id or str(uuid.uuid4())
        args_text = raw_args if raw_args is not None else json.dumps({} if args is None else args)
        about = {"risk_level": "low", "timeout": 300, "require_approval": True, "auto_approve": False,
                 "redact_fields": [], **metadata}
        self._write("INSERT OR REPLACE INTO approval_requests (id, tool_name, tool_args, status, created_at,"
                    " reviewed_at, reviewer_notes, metadata) VALUES (?, ?, ?, ?, ?, NULL, NULL, ?)",
                    (request_id, tool, args_text, status, stamp(), json.dumps(about)))
        return request_id

    def plant_audit(self, tool="read_record", args=None, decision="approved", notes=None, request_id="auto", age=0):
        self._write("INSERT INTO audit_log (id, request_id, tool_name, tool_args, decision, timestamp,"
                    " reviewer_notes, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (str(uuid.uuid4()), request_id, tool, json.dumps(args or {}), decision, stamp(-age), notes,
                     json.dumps({"risk_level": "low"})))

    def rewrite_args(self, request_id, args):
        self._write("UPDATE approval_requests SET tool_args = ? WHERE id = ?", (json.dumps(args), request_id))

    def remove_request(self, request_id):
        self._write("DELETE FROM approval_requests WHERE id = ?", (request_id,))

    def set_status(self, request_id, status):
        self._write("UPDATE approval_requests SET status = ?, reviewed_at = ? WHERE id = ?",
                    (status, stamp(), request_id))

    def request(self, request_id):
        return self._read("SELECT * FROM approval_requests WHERE id = ?", (request_id,))[0]

    def status(self, request_id):
        return self.request(request_id)["status"]

    def statement(self, request_id):
        """Returns what the reviewer of that request signed."""
        [row] = self._read("SELECT statement FROM approvekit_decisions WHERE request_id = ?", (request_id,))
        return json.loads(row["statement"])

    def pending(self):
        return self._read("SELECT * FROM approval_requests WHERE status = 'pending' ORDER BY created_at")

    def _connect(self):
        connection = sqlite3.connect(self.path, timeout=10)
        connection.row_factory = sqlite3.Row
        return connection

    def _write(self, sql, values):
        connection = self._connect()
        with connection:
            connection.execute(sql, values)
        connection.close()

    def _read(self, sql, values=()):
        connection = self._connect()
        rows = connection.execute(sql, values).fetchall()
        connection.close()
        return rows
