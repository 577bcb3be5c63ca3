"""A presentation of one slide, with the master, layout and theme it cannot do without."""

from html import escape

from .ooxml import MAIN, OFFICE, content_types, relationships
from .packing import XML, packed

SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def _slide(root: str, inner: str = "", attributes: str = "", after: str = "") -> str:
    return (
        f'{XML}<p:{root} xmlns:p="{SLIDES}" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}"{attributes}><p:cSld><p:spTree>'
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
        f"{inner}</p:spTree></p:cSld>{after}</p:{root}>"
    )


COLOURS = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
MAPPED = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"} | {colour: colour for colour in COLOURS[4:]}


def _theme() -> str:
    colours = "".join(f'<a:{name}><a:srgbClr val="{i * 0x111111:06X}"/></a:{name}>' for i, name in enumerate(COLOURS))
    font = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    return (
        f'{XML}<a:theme xmlns:a="{DRAWING}" name="T"><a:themeElements><a:clrScheme name="T">{colours}</a:clrScheme>'
        f'<a:fontScheme name="T"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme>'
        f'<a:fmtScheme name="T"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{"<a:ln/>" * 3}</a:lnStyleLst>'
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def pptx(text: str = "Paparan") -> bytes:
    shape = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="T"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        '<a:off x="900000" y="900000"/><a:ext cx="7000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></p:spPr>'
        f"<p:txBody><a:bodyPr/><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    colours = "<p:clrMap " + " ".join(f'{key}="{value}"' for key, value in MAPPED.items()) + "/>"
    kinds = {"/ppt/presentation.xml": "presentation.main", "/ppt/slides/slide1.xml": "slide"}
    kinds |= {"/ppt/slideMasters/m.xml": "slideMaster", "/ppt/slideLayouts/l.xml": "slideLayout"}
    types = {part: f"{MAIN}presentationml.{kind}+xml" for part, kind in kinds.items()}
    return packed(
        {
            "[Content_Types].xml": content_types({**types, "/ppt/theme/t.xml": f"{MAIN}theme+xml"}),
            "_rels/.rels": relationships(("officeDocument", "ppt/presentation.xml", False)),
            "ppt/presentation.xml": f'{XML}<p:presentation xmlns:p="{SLIDES}" xmlns:r="{OFFICE}"><p:sldMasterIdLst>'
            '<p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="rId2"/>'
            '</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>',
            "ppt/_rels/presentation.xml.rels": relationships(
                ("slideMaster", "slideMasters/m.xml", False), ("slide", "slides/slide1.xml", False)
            ),
            "ppt/slideMasters/m.xml": _slide(
                "sldMaster",
                after=f'{colours}<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>',
            ),
            "ppt/slideMasters/_rels/m.xml.rels": relationships(
                ("slideLayout", "../slideLayouts/l.xml", False), ("theme", "../theme/t.xml", False)
            ),
            "ppt/slideLayouts/l.xml": _slide("sldLayout"),
            "ppt/slideLayouts/_rels/l.xml.rels": relationships(("slideMaster", "../slideMasters/m.xml", False)),
            "ppt/theme/t.xml": _theme(),
            "ppt/slides/slide1.xml": _slide("sld", shape),
            "ppt/slides/_rels/slide1.xml.rels": relationships(("slideLayout", "../slideLayouts/l.xml", False)),
        }
    )
