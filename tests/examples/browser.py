"""A browser loads a page of the web server: `make browser` installs one and runs this."""

import subprocess
from pathlib import Path

import pytest
from certificates import make_certificate
from chromium import browsing
from conftest import WEB
from image_client import POOL, serving
from PIL import Image, ImageDraw
from processes import started
from webm import video

pytestmark = pytest.mark.timeout(400)  # the first test may have to wait for a compiler

PICTURE = Path("build/browser")
EVENT = ("--runtime", "event")
CARRIERS = {
    "python": ("python", POOL, "http"),
    "cpp": ("cpp", EVENT, "http"),
    "python-tls": ("python", POOL, "https"),
    "cpp-tls": ("cpp", EVENT, "https"),
}
PAGE = """<!doctype html>
<meta charset="utf-8"><title>page</title><link rel="stylesheet" href="style.css">
<h1>Server</h1>
<img id="png" src="picture.png"><img id="jpg" src="picture.jpg">
<video id="video" src="video.webm" muted preload="metadata"></video>
<form id="form" action="form.php" method="post" enctype="multipart/form-data" target="answer">
<input name="word" value="ä &amp; b"><input type="file" name="file" id="file"></form>
<iframe name="answer" id="answer" src="about:blank"></iframe>
<p id="script"></p>
<script src="script.js"></script>
"""
SCRIPT = """
const said = (element, event) => new Promise(done => element.addEventListener(event, done));
const element = id => document.getElementById(id);
element('script').textContent = 'the script has run';
async function seek(time) {
  const video = element('video');
  if (video.readyState < 1) await said(video, 'loadedmetadata');
  const there = said(video, 'seeked');
  video.currentTime = time;
  await there;
  return [video.duration, video.currentTime, video.videoWidth];
}
async function submit() {
  const files = new DataTransfer();
  files.items.add(new File(['x'.repeat(100000)], 'file.txt'));
  element('file').files = files.files;
  const there = said(element('answer'), 'load');
  element('form').submit();
  await there;
  return element('answer').contentDocument.body.textContent.trim();
}
"""
FORM = """<body style="color: green">
<?= htmlspecialchars($_POST['word']), ' ', $_FILES['file']['size'], ' ', $_SERVER['REQUEST_METHOD'];
"""
STYLE = "body { font: 20px sans-serif } h1 { color: rgb(0, 0, 200) } img, video { height: 150px }"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser") / "root"
    folder.mkdir()
    texts = {"index.html": PAGE, "script.js": SCRIPT, "form.php": FORM, "style.css": STYLE}
    for name, text in texts.items():
        (folder / name).write_text(text)
    for name, colour in (("picture.png", "red"), ("picture.jpg", "green")):
        picture = Image.new("RGB", (200, 150), "white")
        ImageDraw.Draw(picture).ellipse((20, 10, 180, 140), fill=colour)
        picture.save(folder / name)
    (folder / "video.webm").write_bytes(video(frames=200, rate=10))
    return folder


@pytest.fixture(scope="module", params=CARRIERS)
def server(request, root, web_languages, tmp_path_factory):  # noqa: ARG001 - compiled before
    target, runtime, scheme = CARRIERS[request.param]
    folder = tmp_path_factory.mktemp("server")
    options = ["--php", str(folder / "php"), "--access-log", str(folder / "log")]
    if scheme == "https":
        made = make_certificate(folder, "web.example")
        options += ["--certificate", str(made.certificate), "--key", str(made.key)]
    with (
        started(["php-cgi", "-b", str(folder / "php")], stderr=subprocess.DEVNULL),
        serving(root, *options, target=target, runtime=runtime, program=WEB) as server,
    ):
        server.url = f"{scheme}://127.0.0.1:{server.port}/"
        server.log = folder / "log"
        server.picture = PICTURE / f"{request.param}.png"
        yield server


@pytest.fixture(scope="module")
def page(server, tmp_path_factory):
    with browsing(tmp_path_factory.mktemp("profile"), "--ignore-certificate-errors") as page:
        page.open(server.url)
        page.wait_for("document.readyState === 'complete' && location.protocol !== 'about:'")
        page.wait_for("fetch('form.php').then(reply => reply.status === 200)")
        yield page


def test_a_browser_shows_pictures_and_runs_a_script(page):
    sizes = "['png', 'jpg'].map(id => [element(id).complete, element(id).naturalWidth])"
    assert page.value(sizes) == [[True, 200], [True, 200]]
    assert page.value("element('script').textContent") == "the script has run"
    assert page.value("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 200)"


def test_a_browser_finds_any_place_of_a_video_by_ranges(page, server):
    assert page.value("seek(19)") == [20, 19, 320]
    assert page.value("seek(5)") == [20, 5, 320]
    page.value("fetch('end-of-log').then(reply => reply.status)")
    lines = _lines(server.log, "/end-of-log")
    parts = [line for line in lines if "/video.webm" in line]
    answers = [line.split('" ')[1][:3] for line in parts]
    assert answers.count("206") > 1
    assert set(answers) <= {"206", "304"}  # it may ask whether what it has is still so


def test_a_browser_sends_a_form_with_a_file_to_a_script(page):
    assert page.value("submit()") == "ä & b 100000 POST"


def test_a_browser_draws_it_all(page, server):
    page.value("Promise.all([seek(5), submit()])")
    PICTURE.mkdir(parents=True, exist_ok=True)
    server.picture.write_bytes(page.screenshot())
    with Image.open(server.picture) as shown:
        colours = {colour for _, colour in shown.convert("RGB").getcolors(1 << 24)}
    assert {(255, 0, 0), (0, 0, 200)} <= colours


def _lines(path, last):
    """The lines of a log, as soon as the last one is there."""
    while last not in (text := path.read_text() if path.exists() else ""):
        pass
    return text.splitlines()
