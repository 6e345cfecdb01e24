"""Formats that only an office program reads (.doc, .wps, .rtf, .odt, old sheets): converted by LibreOffice, then read as usual.

LibreOffice runs without a screen, on a copy of the file, with a profile of its own in a temporary folder that is removed. The
profile forbids macros, plug-ins, updates of links and whatever a document would fetch from elsewhere. It runs under the memory
limit of the process that asks, and does not outlive it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

from ingest.document import Document, Remark
from ingest.parsed import Rejected
from ingest.readers import office_keeper
from ingest.readers.probe import Probe

VARIABLE = "JUESUAN_SOFFICE"
PROGRAMS = ("soffice", "libreoffice")
USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
TIME_LIMIT = 240  # seconds for one conversion
MAX_BYTES = 256 * 1024**2
MAX_REASON = 120  # characters of what the program says that a rejection repeats
ENCRYPTED = 0x01  # bit of the second byte of flags at the beginning of a Word 97 text
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
_MEDIA_TYPES = {
    ".doc": "application/msword",
    ".dot": "application/msword",
    ".wps": "application/vnd.ms-works",
    ".wpt": "application/vnd.ms-works",
    ".rtf": "application/rtf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ott": "application/vnd.oasis.opendocument.text-template",
    ".et": "application/vnd.ms-excel",
    ".ett": "application/vnd.ms-excel",
    ".xls": "application/vnd.ms-excel",
}
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
# What a document could do besides being read, switched off: (path of the group, property, value).
_SETTINGS = (
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "OfficeBasic", "0"),
    (_SCRIPTING, "ExecutePlugins", "false"),
    (_SCRIPTING, "CheckDocumentEvents", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
)


def read_converted(path: Path, target: str) -> Document:
    """Convert a file to ``target`` (``docx`` or ``xlsx``) and read that. The media type stays that of the file.

    Raises :class:`Rejected`: ``no_converter``, ``conversion_failed``, ``encrypted``, ``too_large``, ``too_slow``.
    """
    if path.stat().st_size > MAX_BYTES:
        raise Rejected("too_large", f"more than {MAX_BYTES // 1024**2} MiB", "save it without pictures")
    _refuse_encrypted(path)
    with converted(path, target) as copy:
        document = _read(copy, target)
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), _MEDIA_TYPES[".doc" if target == "docx" else ".xls"])
    said = Remark("converted", f"LibreOffice made a {target} file of it, which was read; rows and pages are those of that file")
    return replace(document, media_type=media_type, remarks=(said, *document.remarks))


def _read(copy: Path, target: str) -> Document:
    if target == "docx":
        from ingest.readers.docx import read_docx

        # Where LibreOffice would end a page depends on the fonts that it has.
        return read_docx(copy, has_rendered_pages=False)
    from ingest.readers.xlsx import read_xlsx

    return read_xlsx(copy)


def _refuse_encrypted(path: Path) -> None:
    """Raises :class:`Rejected` for a Word 97 text with a password: the converter would only say that it failed."""
    probe = Probe(path)
    if "worddocument" not in probe.streams:
        return
    from xlrd.compdoc import CompDoc

    try:
        stream = CompDoc(path.read_bytes(), logfile=StringIO()).get_named_stream("WordDocument") or b""
    except MemoryError:
        raise
    except Exception as error:  # it raises whatever its bytes lead it to
        raise Rejected("damaged", f"its text cannot be found ({error})", "download it again") from error
    if len(stream) > 11 and stream[11] & ENCRYPTED:
        raise Rejected("encrypted", "it asks for a password", "save a copy without a password")


def find_program() -> str | None:
    """The path of LibreOffice: the variable ``JUESUAN_SOFFICE``, else the search path, else the usual places."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next((found for name in (*PROGRAMS, *USUAL_PLACES) if (found := shutil.which(name)) is not None), None)


@contextmanager
def converted(path: Path, target: str) -> Iterator[Path]:
    """A copy of a file in another format, which is there until the context ends."""
    program = find_program()
    if program is None:
        raise Rejected(
            "no_converter",
            f"only an office program can read this format ({path.suffix or 'no suffix'}), and LibreOffice was not found",
            f"install LibreOffice (or name its soffice in {VARIABLE}), or save the file as .{target}",
        )
    with tempfile.TemporaryDirectory(prefix="juesuan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # A name that means nothing to a command line.
        source = folder / "in" / f"document{_suffix(path, target)}"
        source.parent.mkdir()
        shutil.copyfile(path, source)
        _write_profile(folder / "profile")
        _run(program, folder, source, target)
        made = folder / "out" / f"document.{target}"
        if not made.is_file() or made.stat().st_size == 0:
            raise _failed("it made no file of it", target)
        yield made


def _suffix(path: Path, target: str) -> str:
    suffix = path.suffix.lower()
    return suffix if suffix in _MEDIA_TYPES else ".doc" if target == "docx" else ".xls"


def _write_profile(folder: Path) -> None:
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for path, name, value in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n{items}</oor:items>\n',
        encoding="utf-8",
    )


def _run(program: str, folder: Path, source: Path, target: str) -> None:
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--invisible",
        "--nologo",
        "--nodefault",
        "--norestore",
        "--nolockcheck",
        "--nofirststartwizard",
        "--convert-to",
        _FILTERS[target],
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    keep = [sys.executable, "-I", "-S", str(Path(office_keeper.__file__)), str(TIME_LIMIT), str(folder), *command]
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(
        keep,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.read().decode("utf-8", "replace")
        status = process.wait()
    finally:
        # Closing its input ends it, whatever interrupted us.
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        process.wait()
    if status == office_keeper.OUT_OF_TIME:
        raise Rejected(
            "too_slow",
            f"converting it takes LibreOffice more than the {TIME_LIMIT} s that it may take",
            f"save the file as .{target}, or split it",
        )
    if status != 0:
        reason = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), f"exit status {status}")
        raise _failed(reason[:MAX_REASON], target)


def _failed(reason: str, target: str) -> Rejected:
    return Rejected(
        "conversion_failed",
        f"LibreOffice could not convert it ({reason})",
        f"open it in the program that wrote it and save it as .{target}",
    )
