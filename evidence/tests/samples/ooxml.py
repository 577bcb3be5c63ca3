"""The parts every Office package has."""

from html import escape

from .packing import XML

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument."


def content_types(parts: dict[str, str]) -> str:
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="bin" ContentType="application/octet-stream"/>{overrides}</Types>'
    )


def relationships(*rows: tuple[str, str, bool]) -> str:
    """Return a part of relationships: kind, target, whether the target is outside."""
    outside = {True: ' TargetMode="External"', False: ""}
    body = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{escape(target)}"{outside[is_external]}/>'
        for number, (kind, target, is_external) in enumerate(rows, 1)
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{body}</Relationships>'
