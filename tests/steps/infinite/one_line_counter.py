"""A one-line loop that computes."""
n = 0
while 1: n += 1
