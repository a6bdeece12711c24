"""The ledger of reminders for those who have to know that they arrive.

`filters` is what stands in the address, `page` the rows of it, `workbook` all of them as a file,
`resending` sends once more what failed, `state` says whether planning and delivery run.
"""
