"""Reads cookies with one of Python's readers: ../readers.rs describes its input and output."""

import http.cookies
import logging
import sys
import warnings


def wsgi(lines):
    """The environment of a WSGI application: lines are joined, bytes are Latin-1."""
    from io import BytesIO

    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "example.tld",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if lines:
        environ["HTTP_COOKIE"] = b"; ".join(lines).decode("latin-1")
    return environ


def http_cookies():
    def read(lines):
        jar = http.cookies.SimpleCookie(b"; ".join(lines).decode("latin-1"))
        return [(name, morsel.value) for name, morsel in jar.items()]

    return read


def aiohttp():
    from aiohttp.test_utils import make_mocked_request
    from multidict import CIMultiDict

    request = make_mocked_request("GET", "/")

    def read(lines):
        # The server's decoding, which the function above has no argument for.
        text = b"; ".join(lines).decode("utf-8", "surrogateescape")
        request._headers = CIMultiDict(Cookie=text)
        request._cache.clear()
        return request.cookies.items()

    return read


def bottle():
    from bottle import BaseRequest

    return lambda lines: BaseRequest(wsgi(lines)).cookies.allitems()


def webob():
    from webob import Request

    return lambda lines: Request(wsgi(lines)).cookies.items()


def werkzeug():
    from werkzeug.wrappers import Request

    return lambda lines: Request(wsgi(lines)).cookies.items(multi=True)


def django():
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIRequest

    settings.configure()
    return lambda lines: WSGIRequest(wsgi(lines)).COOKIES.items()


def starlette():
    from starlette.requests import Request

    def read(lines):
        headers = [(b"cookie", line) for line in lines]
        return Request({"type": "http", "headers": headers}).cookies.items()

    return read


def tornado():
    from tornado.httputil import HTTPHeaders, HTTPServerRequest

    def read(lines):
        headers = HTTPHeaders()
        if lines:
            headers.add("Cookie", b"; ".join(lines).decode("latin-1"))
        request = HTTPServerRequest("GET", "/", headers=headers)
        return [(name, morsel.value) for name, morsel in request.cookies.items()]

    return read


def falcon():
    from falcon import Request

    def read(lines):
        request = Request(wsgi(lines))
        return [(name, value) for name in request.cookies for value in request.get_cookie_values(name)]

    return read


def sanic():
    from sanic import Sanic
    from sanic.compat import Header
    from sanic.request import Request

    app = Sanic("readers")

    def read(lines):
        text = b"; ".join(lines).decode("latin-1")
        cookies = Request(b"/", Header({"cookie": text}), "1.1", "GET", None, app).cookies
        # It looks for a name under two prefixes, and then as it is.
        seen = [(name, value) for name in cookies for value in dict.__getitem__(cookies, name)]
        for prefix in ("__Host-", "__Secure-"):
            for name in [name[len(prefix) :] for name, _ in seen if name.startswith(prefix)]:
                seen += [(name, value) for value in cookies.getlist(name)]
        return seen

    return read


def encode(text):
    return text.encode("utf-8", "surrogateescape").hex()


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    read = globals()[sys.argv[1]]()
    for request in sys.stdin:
        lines = [bytes.fromhex(line) for line in request.rstrip("\n").split(",") if line]
        try:
            answer = " ".join(f"{encode(name)}={encode(value)}" for name, value in read(lines))
        except Exception as error:
            answer = "!" + encode(repr(error))
        sys.stdout.write(answer + "\n")


main()
