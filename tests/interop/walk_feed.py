#!/usr/bin/env python3
"""What Debian's python3-feedparser reads of a feed and its archives: walk_feed.py SERVER PUBLIC_URL

Prints a JSON object for each document, from the newest to the one that none is before. Links say
PUBLIC_URL, which stands for SERVER.
"""

import json
import sys

import feedparser


def linked(element, relation):
    return [link.href for link in element.links if link.rel == relation]


def read(url):
    feed = feedparser.parse(url)
    again = feedparser.parse(url, etag=feed.etag)
    return linked(feed.feed, "prev-archive"), {
        "url": url,
        "status": feed.status,
        "again": {"status": again.status, "entries": len(again.entries)},
        "malformed": str(feed.bozo_exception) if feed.bozo else None,
        "version": feed.version,
        "entries": [
            {
                "id": entry.id,
                "title": entry.title,
                "updated": list(entry.updated_parsed),
                "term": entry.tags[0].term,
                "alternate": linked(entry, "alternate"),
                "content": entry.content[0].value,
            }
            for entry in feed.entries
        ],
    }


def main():
    server, public_url = sys.argv[1:]
    previous = [public_url + "/v1/feed.atom"]
    while previous:
        previous, document = read(previous[0].replace(public_url, server))
        print(json.dumps(document))


if __name__ == "__main__":
    main()
