"""PHP itself behind the web server: by FastCGI in both languages, and inside of it in C++."""

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from conftest import WEB
from image_client import FLUX, POOL, serving
from processes import started

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

EVENT = ("--runtime", "event")
EMBEDDED = WEB.parent / "embedded" / "web.flux"
PATIENCE = 10_000  # tries
NOTHING_LEFT = [False] * 7
SCRIPTS = {
    "hello": "echo 'hello';",
    "told": """
        $told = array_filter($_SERVER, fn ($name) => preg_match('/^(HTTP_|SCRIPT_|QUERY_|DOCUMENT_'
            . '|PATH_|PHP_SELF|CONTENT_|GATEWAY_|REQUEST_[MU]|REMOTE_A|SERVER_[^P])/', $name),
            ARRAY_FILTER_USE_KEY);
        ksort($told);
        echo json_encode([$told, PHP_SAPI]);""",
    "asked": "echo json_encode([$_GET, $_POST, file_get_contents('php://input')]);",
    "upload": """
        $file = $_FILES['file'];
        echo json_encode([$file['name'], $file['size'], md5_file($file['tmp_name']), $_POST]);""",
    "cookies": "setcookie('a', 'b c'); setcookie('d', 'e'); echo $_COOKIE['f'];",
    "elsewhere": "header('Location: /hello.php'); echo 'there';",
    "missing": "http_response_code(404); echo 'not here';",
    "status": "header('Status: 410 Gone'); echo 'gone';",
    "line": "header('HTTP/1.1 403 No'); echo 'no';",
    "empty": "http_response_code(204);",
    "nothing": "",
    "typed": "header('Content-Type: text/x'); header('X-Own: 1'); echo 'x';",
    "unknown": "http_response_code(299); echo 'what';",
    "long": "header('X: ' . str_repeat('x', 5000));",
    "large": "for ($i = 0; $i < 300; $i++) echo str_repeat(chr(97 + $i % 26), 10000);",
    "fatal": "ini_set('display_errors', '0'); echo 'lost?'; nobody();",
    "thrown": "ini_set('display_errors', '0'); throw new Exception('out');",
    "syntax": "echo 'unfinished",
    "exit": "echo 'before'; exit(3); echo 'behind';",
    "buffered": """
        ob_start(); echo 'inner'; header('X-Late: yes');
        $text = ob_get_clean(); ob_start(fn ($all) => strtoupper($all)); echo $text;""",
    "shutdown": """
        register_shutdown_function(function () { echo ' and shutdown'; });
        echo 'script';""",
    "memory": """
        ini_set('display_errors', '0'); ini_set('memory_limit', '8M'); $a = [];
        while (true) $a[] = str_repeat('x', 100000);""",
    "deep": """
        function deep($n) { return $n ? array_map('deep', [$n - 1])[0] + 1 : 0; }
        echo deep(10000);""",
    "folder": "chdir('folder'); require 'inner.php'; echo basename(getcwd());",
    "folder/inner": "echo basename(getcwd()), ' ';",
    "leaving": """
        define('LEFT', 1); $GLOBALS['left'] = 1; putenv('LEFT=1'); ini_set('precision', 3);
        setlocale(LC_ALL, 'C.UTF-8'); date_default_timezone_set('Asia/Tokyo');
        ob_start(); echo 'left'; class Left {}""",
    "left": """
        echo json_encode([defined('LEFT'), isset($left), getenv('LEFT'), ini_get('precision') == 3,
            ob_get_level() > 1, date_default_timezone_get() == 'Asia/Tokyo',
            class_exists('Left')]);""",
    "known": "echo json_encode([$_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW']]);",
    "slow": """
        while (ob_get_level()) ob_end_flush();
        echo 'first'; flush();
        while (!file_exists($_GET['sign'])) { usleep(1000); clearstatcache(); }
        echo 'second';""",
    "sleeping": "sleep(60); echo 'awake';",
    "looping": "ini_set('display_errors', '0'); while (true);",
    "endless": "while (ob_get_level()) ob_end_flush(); while (true) echo str_repeat('x', 10000);",
    "limited": "ini_set('display_errors', '0'); set_time_limit(1); while (true);",
    "numbered": "usleep(1000); echo $_GET['number'];",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("php") / "root"
    (folder / "folder").mkdir(parents=True)
    for name, text in SCRIPTS.items():
        (folder / f"{name}.php").write_text(f"<?php {text}")
    (folder / "page.html").write_text("page")
    return folder


@pytest.fixture(scope="module")
def embedded(flux_cache):  # noqa: ARG001 - it sets the environment
    """Options that build the server with PHP in it, which is then built."""
    if shutil.which("php-config") is None:
        pytest.skip("PHP can't be embedded here: `make php` installs what that needs")
    told = subprocess.run(["php-config", "--includes"], capture_output=True, text=True, check=True)
    options = ("--cxxflags", told.stdout)
    command = [*FLUX, "run", EMBEDDED, "--target", "cpp", *options, "--", "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return options


@pytest.fixture(scope="module")
def start(root):
    """Starts a server, which is stopped after the tests."""
    with ExitStack() as stack:

        def begun(target, runtime, *options, program=WEB):
            server = serving(root, *options, target=target, runtime=runtime, program=program)
            return stack.enter_context(server)

        yield begun


@pytest.fixture(scope="module")
def inside(start, embedded):
    """A server with PHP inside, on each of the runtimes."""
    options = ("--php", "embedded", "--php-timeout", "0.5", "--timeout", "5")
    return [
        start("cpp", (*runtime, *embedded), *options, program=EMBEDDED)
        for runtime in (EVENT, (*EVENT, "--cores", "2"), POOL)
    ]


@pytest.fixture(scope="module")
def beside(start, root, web_languages):
    """A server of each language, with a PHP of its own beside it, which has one process."""
    servers = []
    with ExitStack() as stack:
        for target in web_languages:
            path = root.parent / f"php-{target}"
            stack.enter_context(started(["php-cgi", "-b", str(path)]))
            servers.append(start(target, POOL, "--php", str(path)))
            assert 200 in (servers[-1].ask("/hello.php").status for _ in range(PATIENCE))
        yield servers


@pytest.fixture(params=["beside", "inside"])
def servers(request):
    return request.getfixturevalue(request.param)


def post(server, path, body, kind):
    with server.connect() as client:
        client.send(f"POST {path} HTTP/1.1\r\nHost: h\r\nContent-Type: {kind}\r\n".encode())
        client.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return client.reply()


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("hello", 200, b"hello"),
        ("elsewhere", 302, b"there"),
        ("missing", 404, b"not here"),
        ("status", 410, b"gone"),
        ("line", 403, b"no"),
        ("empty", 204, b""),
        ("nothing", 200, b""),
        ("unknown", 502, None),
        ("long", 502, None),
        ("exit", 200, b"before"),
        ("buffered", 200, b"INNER"),
        ("shutdown", 200, b"script and shutdown"),
        ("deep", 200, b"10000"),
        ("folder", 200, b"folder folder"),
        ("large", 200, b"".join(bytes([97 + i % 26]) * 10_000 for i in range(300))),
        ("absent", 404, None),
    ],
)
def test_a_script_is_answered(servers, name, status, body):
    for server in servers:
        reply = server.ask(f"/{name}.php")
        assert (reply.status, body in {None, reply.body}) == (status, True)


@pytest.mark.parametrize("name", ["fatal", "thrown", "memory"])
def test_a_script_that_fails_is_an_error_of_the_server_and_the_next_one_runs(servers, name):
    for server in servers:
        assert server.ask(f"/{name}.php").status in {200, 500}
        assert server.ask("/hello.php").body == b"hello"


def test_a_script_that_makes_no_sense_says_so_and_the_next_one_runs(servers):
    for server in servers:
        assert b"awake" not in server.ask("/syntax.php").body
        assert server.ask("/hello.php").body == b"hello"


def test_fields_of_a_script_are_passed_on(servers):
    for server in servers:
        fields = server.ask("/typed.php").fields
        assert fields["content-type"].startswith("text/x")
        assert (fields["x-own"], fields["content-length"]) == ("1", "1")
        assert server.ask("/buffered.php").fields["x-late"] == "yes"


def test_a_script_is_told_the_same_beside_and_inside(beside, inside):
    told = []
    for server in (*beside, *inside):
        with server.connect() as client:
            client.send(
                b"GET /told.php/more%20way?a=b&c[]=d HTTP/1.1\r\nHost: there:80\r\nX-Y: z\r\n"
                b"Cookie: e=f; g=h%20i\r\nAccept: text/html\r\n\r\n"
            )
            told.append(json.loads(client.reply().body))
    assert told[0][0]["PHP_SELF"] == "/told.php/more way"
    assert told[0][0]["HTTP_X_Y"] == "z"
    assert all(each == told[0] for each in told)


def test_a_query_and_a_form_are_read(servers):
    for server in servers:
        reply = post(
            server, "/asked.php?a=b&c[]=d", b"e=%20f&g[h]=i", "application/x-www-form-urlencoded"
        )
        assert json.loads(reply.body) == [
            {"a": "b", "c": ["d"]},
            {"e": " f", "g": {"h": "i"}},
            "e=%20f&g[h]=i",
        ]


def test_files_are_uploaded(servers):
    content = bytes(range(256)) * 1000
    parts = (
        b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a b.bin"\r\n\r\n'
        + content
        + b'\r\n--cut\r\nContent-Disposition: form-data; name="more"\r\n\r\nwords\r\n--cut--\r\n'
    )
    for server in servers:
        reply = post(server, "/upload.php", parts, "multipart/form-data; boundary=cut")
        name, size, _, words = json.loads(reply.body)
        assert (name, size, words) == ("a b.bin", len(content), {"more": "words"})


def test_body_that_is_too_large_to_be_read_whole_is_refused_inside(inside):
    for server in inside:
        with server.connect() as client:
            client.send(b"POST /hello.php HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n")
            assert client.reply().status == 413
            assert client.has_ended()


def test_cookies_go_both_ways(servers):
    for server in servers:
        with server.connect() as client:
            client.send(b"GET /cookies.php HTTP/1.1\r\nHost: h\r\nCookie: f=g%20h\r\n\r\n")
            lines = list(iter(client.file.readline, b"\r\n"))
            assert client.file.read(3) == b"g h"
        cookies = [line for line in lines if line.lower().startswith(b"set-cookie:")]
        assert [line.split()[1] for line in cookies] == [b"a=b%20c", b"d=e"]


def test_a_name_and_a_word_are_known(servers):
    for server in servers:
        reply = server.ask("/known.php", Authorization="Basic bmFtZTp3b3Jk")
        assert json.loads(reply.body) == ["name", "word"]


def test_an_answer_to_head_has_no_body(servers):
    for server in servers:
        with server.connect() as client:
            for name in ("hello", "large", "elsewhere"):
                assert client.ask(f"/{name}.php", "HEAD").status in {200, 302}
            assert client.ask("/hello.php").body == b"hello"


def test_nothing_of_a_script_is_left_for_the_next(servers):
    for server in servers:
        for _ in range(2):
            assert server.ask("/leaving.php").body == b"left"
            assert json.loads(server.ask("/left.php").body) == NOTHING_LEFT


def test_what_a_script_says_is_passed_on_as_it_comes(servers, tmp_path):
    for number, server in enumerate(servers):
        sign = tmp_path / str(number)
        with server.connect() as client:
            client.send(f"GET /slow.php?sign={sign} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
            fields = b"".join(iter(client.file.readline, b"\r\n"))
            assert b"\r\nTransfer-Encoding: chunked\r\n" in fields
            assert client.chunk() == b"first"
            sign.touch()
            assert [client.chunk(), client.chunk()] == [b"second", b""]
            assert client.ask("/hello.php").status == 200


def test_many_clients_get_each_their_own_answer(servers):
    for server in servers:
        with ThreadPoolExecutor(8) as clients:
            paths = [f"/numbered.php?number={number}" for number in range(40)]
            bodies = [reply.body for reply in clients.map(server.ask, paths)]
        assert bodies == [b"%d" % number for number in range(40)]


def test_files_are_served_while_a_script_waits(inside, tmp_path):
    for number, server in enumerate(inside):
        sign = tmp_path / str(number)
        with server.connect() as client, server.connect() as other:
            client.send(f"GET /slow.php?sign={sign} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
            assert b"200" in client.file.readline()
            assert other.ask("/page.html").body == b"page"
            sign.touch()
            assert b"second" in client.file.read(1) + client.file.readline() + b"second"


@pytest.mark.parametrize("name", ["sleeping", "looping"])
def test_a_script_that_says_nothing_is_ended_and_the_next_one_runs(inside, name):
    for server in inside:
        assert server.ask(f"/{name}.php").status == 504
        assert server.ask("/hello.php").body == b"hello"


def test_a_script_has_its_time_of_the_processor(start, embedded):
    server = start("cpp", (*EVENT, *embedded), "--php", "embedded", program=EMBEDDED)
    assert server.ask("/limited.php").status == 500
    assert server.ask("/hello.php").body == b"hello"


def test_a_script_whose_client_has_gone_ends_and_the_next_one_runs(inside):
    for server in inside:
        with server.connect() as client:
            client.send(b"GET /endless.php HTTP/1.1\r\nHost: h\r\n\r\n")
            assert b"200" in client.file.readline()
        assert server.ask("/hello.php").body == b"hello"


def test_a_script_that_says_more_than_is_held_takes_its_client_with_it(inside):
    """Who reads nothing is given up, and PHP is free again."""
    server = inside[0]
    with server.connect(SO_RCVBUF=4096) as client:
        client.send(b"GET /endless.php HTTP/1.1\r\nHost: h\r\n\r\n")
        assert b"200" in client.file.readline()
        assert server.ask("/hello.php").body == b"hello"
        assert client.rest() > 0


def test_the_program_is_that_of_the_folder_above_with_one_constraint_more():
    above, own = (path.read_text().splitlines()[1:] for path in (WEB, EMBEDDED))
    own.remove("constraint RunScript:{php};")
    assert own == above


@pytest.mark.usefixtures("web_languages")
def test_a_server_without_php_inside_names_the_one_with_it():
    command = [*FLUX, "run", WEB, "--target", "cpp", "--", "--php", "embedded"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert "embedded/web.flux" in ran.stderr
