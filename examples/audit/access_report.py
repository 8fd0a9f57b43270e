"""Reports on a web server's log: who asks for what, how fast, and what looks odd.

The log is part of the script, so that it runs anywhere. The report goes to the standard
output and, compressed, to a temporary folder that is removed at the end.
"""

import argparse
import base64
import collections
import csv
import datetime
import gzip
import hashlib
import io
import ipaddress
import itertools
import json
import math
import pathlib
import re
import statistics
import string
import tempfile
import textwrap
import urllib.parse
from dataclasses import dataclass

LOG = """\
203.0.113.7 [02/Mar/2026:09:14:01 +0000] "GET /index.html HTTP/1.1" 200 5120 12
203.0.113.7 [02/Mar/2026:09:14:02 +0000] "GET /style.css HTTP/1.1" 200 900 3
198.51.100.23 [02/Mar/2026:09:15:40 +0000] "GET /search?q=red+shoes&page=2 HTTP/1.1" 200 18211 145
198.51.100.23 [02/Mar/2026:09:15:48 +0000] "GET /search?q=red+boots HTTP/1.1" 200 17433 160
192.0.2.99 [02/Mar/2026:09:16:00 +0000] "GET /../../etc/passwd HTTP/1.0" 404 210 1
192.0.2.99 [02/Mar/2026:09:16:01 +0000] "GET /wp-login.php HTTP/1.0" 404 210 1
192.0.2.99 [02/Mar/2026:09:16:01 +0000] "POST /wp-login.php HTTP/1.0" 404 210 2
a line that nobody understands
2001:db8::17 [02/Mar/2026:10:01:12 +0000] "GET /index.html HTTP/2" 304 0 4
2001:db8::17 [02/Mar/2026:10:01:30 +0000] "POST /orders HTTP/2" 201 330 88
203.0.113.7 [02/Mar/2026:10:20:00 +0000] "GET /orders/17 HTTP/1.1" 500 1200 2300
203.0.113.7 [02/Mar/2026:10:20:09 +0000] "GET /orders/17 HTTP/1.1" 200 4100 95
"""

LINE = re.compile(
    r"(?P<client>\S+) \[(?P<when>[^\]]+)\] "
    r'"(?P<method>[A-Z]+) (?P<target>\S+) (?P<protocol>HTTP/[\d.]+)" '
    r"(?P<status>\d{3}) (?P<size>\d+) (?P<millis>\d+)"
)

HEADING = string.Template("$title ($count)")


@dataclass(frozen=True)
class Request:
    """One line of the log."""

    client: ipaddress.IPv4Address | ipaddress.IPv6Address
    when: datetime.datetime
    method: str
    path: str
    query: tuple
    status: int
    size: int
    millis: int

    @property
    def failed(self):
        """Did the server say no?"""
        return self.status >= 400

    @property
    def suspicious(self):
        """Does it look for something that isn't there to be found?"""
        return ".." in self.path or self.path.endswith(".php")


def parse(lines):
    """Requests, and the lines that are none."""
    requests, leftover = [], []
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None:
            leftover.append(line)
            continue
        target = urllib.parse.urlsplit(match["target"])
        requests.append(
            Request(
                client=ipaddress.ip_address(match["client"]),
                when=datetime.datetime.strptime(match["when"], "%d/%b/%Y:%H:%M:%S %z"),
                method=match["method"],
                path=target.path,
                query=tuple(urllib.parse.parse_qsl(target.query)),
                status=int(match["status"]),
                size=int(match["size"]),
                millis=int(match["millis"]),
            )
        )
    return requests, leftover


def pseudonym(client):
    """A name for a client that doesn't tell its address."""
    digest = hashlib.sha256(str(client).encode()).digest()
    return base64.b32encode(digest)[:8].decode().lower()


def percentile(values, share):
    """The smallest value that at least `share` of the values don't exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def by_hour(requests):
    """How many requests came in each hour."""
    hours = itertools.groupby(requests, key=lambda request: request.when.hour)
    return {hour: sum(1 for _ in group) for hour, group in hours}


def section(title, rows):
    """A table of the report, as text."""
    out = io.StringIO()
    out.write(HEADING.substitute(title=title, count=len(rows)) + "\n")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows(rows)
    return textwrap.indent(out.getvalue(), "  ")


def summarise(requests, leftover):
    """Everything that the report says, as plain data."""
    times = [request.millis for request in requests]
    clients = collections.Counter(pseudonym(request.client) for request in requests)
    searches = [value for request in requests for name, value in request.query if name == "q"]
    return {
        "requests": len(requests),
        "not understood": len(leftover),
        "bytes": sum(request.size for request in requests),
        "median": statistics.median(times),
        "p90": percentile(times, 0.9),
        "failed": sum(request.failed for request in requests),
        "suspicious": sorted({request.path for request in requests if request.suspicious}),
        "searches": searches,
        "hours": by_hour(requests),
        "clients": clients.most_common(),
    }


def store(summary, folder):
    """Writes the summary, compressed; returns how it reads when it is read back."""
    path = pathlib.Path(folder) / "summary.json.gz"
    path.write_bytes(gzip.compress(json.dumps(summary, sort_keys=True).encode(), mtime=0))
    return json.loads(gzip.decompress(path.read_bytes()))


def main():
    """The command line."""
    parser = argparse.ArgumentParser(description="Reports on a web server's log.")
    parser.add_argument("--limit", type=int, default=3, help="rows of each table")
    options = parser.parse_args()

    requests, leftover = parse(LOG.splitlines())
    summary = summarise(requests, leftover)
    with tempfile.TemporaryDirectory() as folder:
        again = store(summary, folder)
    assert again["requests"] == summary["requests"]

    print(section("Clients", summary["clients"][: options.limit]))
    print(section("Hours", list(summary["hours"].items())))
    print(section("Suspicious", [[path] for path in summary["suspicious"][: options.limit]]))
    for name in ("requests", "not understood", "bytes", "median", "p90", "failed"):
        print(f"{name:>16}: {summary[name]}")


if __name__ == "__main__":
    main()
