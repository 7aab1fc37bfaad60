"""Serves an application that reads its session with http.cookies: python.py PORT."""

import html
import json
import sys
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Application(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        cookies = SimpleCookie("; ".join(self.headers.get_all("Cookie", [])))
        found = json.dumps({name: cookie.value for name, cookie in cookies.items()})
        page = f"<!doctype html><title>cookies</title>{html.escape(found)}".encode()
        self.send_response(200)
        if self.path == "/sign-in":
            self.send_header("Set-Cookie", "pleroma_key=genuine; Path=/account; HttpOnly")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Application).serve_forever()
