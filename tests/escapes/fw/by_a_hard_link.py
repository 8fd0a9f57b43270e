# technique: a file outside gets a second name
# policy:
# | [files]
# | write = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-write
import os

open("made", "w").close()
os.link("made", os.environ["CANARY_OUT"])  # here
print("LEAKED")
