"""The same loop on two lines."""
while True:
    pass
