"""What stands between the network and the page: who may come in, how much, and what is recorded.

`launch.open_doors` gives app.py all of it. Nothing here knows what a question is.
"""
