"""Web pages: as Word saves one, and as the site of a government publishes one; and such a page as an e-mail package (.mht)."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from samples.render.document import Paragraph, Rendering
from samples.render.formats.blocks import blocks_of
from samples.render.grid import Grid


def write_html(rendering: Rendering, path: Path) -> None:
    """A page as Word saves it, in UTF-8."""
    path.write_bytes(_word_page(rendering, "utf-8").encode("utf-8"))


def write_cms(rendering: Rendering, path: Path) -> None:
    """A page of a site: frames of nested tables, navigation, scripts; GB18030 under the name of gb2312, as most say."""
    path.write_bytes(_site_page(rendering).encode("gb18030"))


def write_mht(rendering: Rendering, path: Path) -> None:
    boundary = "----=_NextPart_01DAFD1C.5F3A7E20"
    page = quopri.encodestring(_word_page(rendering, "utf-8").replace("\n", "\r\n").encode("utf-8")).decode("ascii")
    files = base64.b64encode(b'<xml xmlns:o="urn:schemas-microsoft-com:office:office"><o:MainFile HRef="../page.htm"/></xml>')
    lines = [
        "MIME-Version: 1.0",
        f'Content-Type: multipart/related; boundary="{boundary}"; type="text/html"',
        "",
        "此文档为“单个文件网页”，也称为“网页归档”文件。".encode().decode("latin-1"),
        "",
        f"--{boundary}",
        "Content-Location: file:///C:/5F3A7E20/page.htm",
        "Content-Transfer-Encoding: quoted-printable",
        'Content-Type: text/html; charset="utf-8"',
        "",
        page.replace("\r\n", "\n"),
        "",
        f"--{boundary}",
        "Content-Location: file:///C:/5F3A7E20/page.files/filelist.xml",
        "Content-Transfer-Encoding: base64",
        'Content-Type: text/xml; charset="utf-8"',
        "",
        files.decode("ascii"),
        "",
        f"--{boundary}--",
        "",
    ]
    path.write_bytes("\r\n".join("\r\n".join(line.split("\n")) for line in lines).encode("latin-1"))


def _title(rendering: Rendering) -> str:
    """As the cover calls it: a title that says more is a heading more, whose year is judged in no other format."""
    return escape(rendering.title.removesuffix("情况说明"))


# -- as Word saves it ------------------------------------------------------------------------------------------


def _word_page(rendering: Rendering, charset: str) -> str:
    head = [
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">',
        "<head>",
        f'<meta http-equiv=Content-Type content="text/html; charset={charset}">',
        '<meta name=Generator content="Microsoft Word 15 (filtered)">',
        f"<title>{_title(rendering)}</title>",
        "<style><!--",
        " p.MsoNormal {margin:0cm; text-align:justify; font-size:10.5pt; font-family:等线;}",
        " @page WordSection1 {size:595.3pt 841.9pt; margin:72.0pt 90.0pt;}",
        "--></style>",
        "</head>",
        '<body lang=ZH-CN style="text-justify-trim:punctuation">',
        "<div class=WordSection1>",
    ]
    body: list[str] = []
    for position, section in enumerate(rendering.sections):
        if position and section.new_page:
            body.append("<span lang=EN-US style='font-size:10.5pt'><br clear=all style='page-break-before:always'></span>")
        for block in blocks_of(section):
            body += _word_table(block) if isinstance(block, Grid) else [_word_paragraph(block)]
    return "\n".join([*head, *body, "</div>", "</body>", "</html>", ""])


def _latin(text: str) -> Iterator[tuple[bool, str]]:
    """The text in pieces of one script each, as Word marks them with their language."""
    piece, was = "", False
    for character in text:
        is_latin = character.isascii() and character != "\n"
        if piece and is_latin != was:
            yield was, piece
            piece = ""
        piece, was = piece + character, is_latin
    if piece:
        yield was, piece


def _spans(text: str) -> str:
    pieces = []
    for is_latin, piece in _latin(text):
        written = escape(piece, quote=False).replace("\n", "<br>\n")
        # A run of spaces is kept by making all but its last hard.
        while "  " in written:
            written = written.replace("  ", "&nbsp; ")
        pieces.append(f"<span\nlang=EN-US>{written}</span>" if is_latin else written)
    return "".join(pieces)


def _word_paragraph(block: Paragraph) -> str:
    tag = f"h{block.heading}" if block.heading else "p"
    name = "" if block.heading else " class=MsoNormal"
    if block.left or block.right:
        gap = "<span lang=EN-US>" + "&nbsp;" * 20 + " </span>"
        text = gap.join(_spans(piece) for piece in (block.left, block.text, block.right) if piece)
        return f"<p class=MsoNormal align={'left' if block.left else 'right'}>{text}</p>"
    indent = ";text-indent:21.0pt" if block.indent else ""
    return f"<{tag}{name} align={block.align} style='text-align:{block.align}{indent}'>{_spans(block.text)}</{tag}>"


def _word_table(grid: Grid) -> list[str]:
    lines = ["<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none'>"]
    for row in grid.rows:
        lines.append(" <tr>")
        for cell in row:
            if cell is None:
                continue
            span = f" colspan={cell.column_span}" if cell.column_span > 1 else ""
            span += f" rowspan={cell.row_span}" if cell.row_span > 1 else ""
            text = _spans(cell.text) or "<span lang=EN-US>&nbsp;</span>"
            style = "border:solid windowtext 1.0pt;padding:0cm 5.4pt 0cm 5.4pt"
            paragraph = f"<p class=MsoNormal align={cell.align} style='text-align:{cell.align}'>{text}</p>"
            lines.append(f"  <td valign=top{span} style='{style}'>\n  {paragraph}\n  </td>")
        lines.append(" </tr>")
    return [*lines, "</table>"]


# -- as a site publishes it ------------------------------------------------------------------------------------

_SITE = Path(__file__).with_name("site.html")


def _site_page(rendering: Rendering) -> str:
    parts: list[str] = []
    for section in rendering.sections:
        for block in blocks_of(section):
            parts += _site_table(block) if isinstance(block, Grid) else [_site_paragraph(block)]
    site = Template(_SITE.read_text(encoding="utf-8"))
    return site.substitute(title=_title(rendering), content="\n".join(parts))


def _entities(text: str) -> str:
    return escape(text, quote=False).replace("“", "&ldquo;").replace("”", "&rdquo;").replace("\n", "<br />")


def _site_paragraph(block: Paragraph) -> str:
    if block.left or block.right:
        pieces = [_entities(piece) for piece in (block.left, block.text, block.right) if piece]
        return f'<p style="text-align: right"><font size="2">{"&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;".join(pieces)}</font></p>'
    text = _entities(block.text.strip())
    if block.heading:
        text = f"<strong>{text}</strong>"
    indent = "&#12288;&#12288;" if block.indent or block.text.startswith(" ") else ""
    return f'<p style="text-align: {block.align}">{indent}<span style="font-size: {block.size:g}pt">{text}</span></p>'


def _site_table(grid: Grid) -> list[str]:
    """A table pasted from Excel into the editor: widths of columns, classes of cells, the first row higher than the others."""
    lines = ['<table style="border-collapse: collapse; width: 100%" cellspacing="0" cellpadding="0" border="1">', "<colgroup>"]
    whole = sum(grid.weights)
    lines += [f'<col style="width: {round(720 * weight / whole)}px" />' for weight in grid.weights]
    lines += ["</colgroup>", "<tbody>"]
    for row in grid.rows:
        cells = []
        for cell in row:
            if cell is not None:
                span = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
                span += f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
                cells.append(f'<td class="et3"{span} align="{cell.align}">{_entities(cell.text) or "&nbsp;"}</td>')
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return [*lines, "</tbody>", "</table>"]
