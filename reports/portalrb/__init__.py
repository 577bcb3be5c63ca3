"""What the ministry's PortalRB reads of the units that the agency proposes: API, evidence links, upload workbook."""
