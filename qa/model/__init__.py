"""A language model where there is one, never trusted with a number.

Off unless an address and a model are set. The deterministic answer is made first in any case. A
model may pick figures by id and an operation, which the question's own words must bear out, and may
phrase what is quoted, which a checker compares with the page; anything else it says is dropped.
"""
