"""The recap of a period: all units that somebody may see, side by side, over stages and over years.

`figures` and `comparing` are pure, `collect` reads, `choosing` filters and sorts, `pages` makes what templates show;
`workbook` and `pdf` write what is shown to files. No score is computed here: all figures are the scorecards'.
"""
