# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpgid
import os
import threading
thread = threading.Thread(target=os.getpgid, args=(0,))
thread.start()
thread.join()
print("LEAKED")
