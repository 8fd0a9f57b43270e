# technique: a writer of CSV written in C calls write of its file
# policy:
# | [[functions]]
# | id = "no-shell"
# | match = "os.system"
# | action = "deny"
# expect: violation call
import csv
import os
import types

csv.writer(types.SimpleNamespace(write=os.system)).writerow(["echo LEAKED"])  # here
print("LEAKED")
