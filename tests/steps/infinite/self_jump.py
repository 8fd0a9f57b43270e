"""One instruction that jumps to itself: 3.11 reports no line event for it."""
x = 1
while 1: pass
