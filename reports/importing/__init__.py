"""A filled workbook on its way in: read, placed on the worksheet, compared, and written once a person has agreed."""
