"""Record from a source: what a paper says, typed in short lines, becomes ordinary records in one act.

`boxes` reads what stands in a box and `finding` knows whom it means; `lines` and `facts` are the forms of a page, and
`page` holds all of them; `storing` writes the records. The page itself, which tells before what it would do, is in
`missions.admin.entry`.
"""
