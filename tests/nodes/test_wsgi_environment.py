"""What an application of WSGI is told of a request."""

import sys

import pytest
from nodes.wsgi_server import TEXT


@pytest.fixture
def told(serve):
    """What an application is told of a request."""
    environs = []

    def application(environ, start_response):
        environs.append(environ)
        start_response("200 OK", list(TEXT))
        return []

    served = serve(application)

    def ask(line, *fields, body=b""):
        assert served.ask(line, *fields, body=body)[0] == "200 OK"
        return environs[-1]

    ask.port = served.listener.port
    return ask


def test_application_is_told_what_a_request_says(told):
    environ = told(
        "POST /a%20b/%C3%A4?c=%20d", "X-Y: z", "Content-Type: text/x", "Content-Length: 0"
    )
    ours = {key: value for key, value in environ.items() if not key.startswith("wsgi.")}
    assert ours.pop("REMOTE_PORT").isdigit()
    assert ours == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/\xc3\xa4",
        "QUERY_STRING": "c=%20d",
        "REQUEST_URI": "/a%20b/%C3%A4?c=%20d",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "flux",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(told.port),
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "text/x",
        "CONTENT_LENGTH": "0",
        "HTTP_HOST": "here",
        "HTTP_X_Y": "z",
    }


def test_length_is_told_without_zeros_before_it(told):
    field = "Content-Length: " + 5000 * "0" + "2"
    assert told("POST /", field, body=b"hi")["CONTENT_LENGTH"] == "2"
    assert told("POST /", "Content-Length: 000")["CONTENT_LENGTH"] == "0"


def test_application_is_told_what_the_server_is(told):
    environ = told("GET /")
    keys = ("version", "url_scheme", "multithread", "multiprocess", "run_once", "input_terminated")
    values = [environ[f"wsgi.{key}"] for key in keys]
    assert values == [(1, 0), "http", True, False, False, True]
    assert environ["wsgi.errors"] is sys.stderr
    assert type(environ) is dict


def test_application_under_a_constraint_may_be_told_so(serve):
    def application(environ, start_response):
        start_response("200 OK", list(TEXT))
        return [repr((environ["wsgi.multithread"], environ["wsgi.url_scheme"])).encode()]

    served = serve(application, multithread=False, scheme="https")
    assert served.ask("GET /")[2] == b"(False, 'https')"


def test_fields_that_could_pass_for_others_are_left_out(told):
    environ = told(
        "GET /", "X_Y: z", "Proxy: http://evil", "Cookie: a=b", "Cookie: c=d", "X: 1", "x: 2"
    )
    assert not {"HTTP_X_Y", "HTTP_PROXY", "CONTENT_LENGTH", "CONTENT_TYPE"} & environ.keys()
    assert (environ["HTTP_COOKIE"], environ["HTTP_X"]) == ("a=b; c=d", "1, 2")


@pytest.mark.parametrize(
    ("line", "path", "host"),
    [
        ("GET http://other:81?q", "/", "other:81"),
        ("GET http://other/a/../b", "/a/../b", "other"),
        ("OPTIONS *", "", "here"),
        ("GET //a//b/", "//a//b/", "here"),
    ],
)
def test_targets_of_all_forms_have_a_path_and_a_host(told, line, path, host):
    environ = told(line)
    assert (environ["PATH_INFO"], environ["HTTP_HOST"]) == (path, host)
