# technique: codecs.open and fileinput read for the guest
# policy:
# | [files]
# | read = ["{cwd}/**"]
# | [environment]
# | pass = ["CANARY_*"]
# expect: violation file-read
import codecs
import os

print("LEAKED", codecs.open(os.environ["CANARY_SECRET"]).read())
