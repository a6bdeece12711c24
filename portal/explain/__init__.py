"""How a score was made, from what somebody saw to what a person is paid; reads only.

`reading.Explanation` joins what is stored with what the engine makes of it; page and command
show the same. `steps` and `figures` are pure, `amounts` says who sees which money, `data` and
`text` are for machines and for a terminal.
"""
