print("LEAKED")
