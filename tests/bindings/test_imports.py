REST = "def read(conn): ...\ndef reply(conn, data): ...\n"


def test_function_of_a_file_beside_is_checked(complaints):
    found = complaints("from net import listen\n" + REST, net="def listen(port): ...")
    assert found == ["wrong-function: `listen` cannot be called with no values"]


def test_mistake_is_shown_in_the_file_that_has_it(implemented):
    server = implemented("from net import listen\n" + REST, net="\n\ndef listen(port): ...")
    [found] = server.check()
    assert (found.primary.span.file.name, found.primary.span.line) == (
        str(server.path.with_name("net.py")),
        3,
    )


def test_import_under_another_name_is_followed(complaints):
    found = complaints("from net import accept as listen\n" + REST, net="def accept(port): ...")
    assert found == ["wrong-function: `accept` cannot be called with no values"]


def test_another_name_of_a_function_is_followed(complaints):
    found = complaints("def accept(port): ...\nlisten = accept\n" + REST)
    assert found == ["wrong-function: `accept` cannot be called with no values"]


def test_lambda_is_checked(complaints):
    found = complaints("listen = lambda port: port\n" + REST)
    assert found == ["wrong-function: `listen` cannot be called with no values"]


def test_star_is_followed(complaints):
    found = complaints("from net import *\n" + REST, net="def listen(port): ...")
    assert found == ["wrong-function: `listen` cannot be called with no values"]


def test_star_does_not_hide_what_is_missing(complaints):
    found = complaints("from net import *\n" + REST, net="def accept(port): ...")
    assert found == ["missing-function: `server.py` has no function for the node `Listen`"]


def test_star_that_cannot_be_followed_may_hold_anything(complaints):
    assert complaints("from nowhere_to_be_found import *\n") == []


def test_stars_in_a_circle_end(complaints):
    found = complaints("from a import *\n" + REST, a="from b import *", b="from a import *")
    assert found == ["missing-function: `server.py` has no function for the node `Listen`"]


def test_imports_in_a_circle_are_believed(complaints):
    assert complaints("from a import listen\n" + REST, a="from server import listen") == []


def test_module_that_cannot_be_found_is_believed(complaints):
    assert complaints("from nowhere_to_be_found import listen\n" + REST) == []


def test_module_with_a_syntax_error_is_believed(complaints):
    assert complaints("from net import listen\n" + REST, net="def (") == []


def test_module_itself_is_no_function(complaints):
    found = complaints("import listen\n" + REST, listen="")
    assert found == ["missing-function: `server.py` has no function for the node `Listen`"]


def test_package_is_not_imported_to_look_into_its_modules(complaints, tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package/__init__.py").write_text("raise SystemExit", encoding="utf-8")
    (tmp_path / "package/net.py").write_text("from .low import listen", encoding="utf-8")
    (tmp_path / "package/low.py").write_text("def listen(port): ...", encoding="utf-8")
    found = complaints("from package.net import listen\n" + REST)
    assert found == ["wrong-function: `listen` cannot be called with no values"]


def test_nothing_is_run(complaints):
    assert complaints("from net import listen\nraise SystemExit\n" + REST, net="1 / 0") == []
