# expect: completed
# stdout: True
import sys
print(sys.flags.hash_randomization == 0 and hash("lictor") == hash("lic" + "tor"))
