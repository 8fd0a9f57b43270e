# policy:
# | [[functions]]
# | id = "forbidden"
# | match = "os.getpgid"
# | action = "deny"
# expect: violation call
# expect-rule: forbidden
# expect-subject: os.getpgid
import _thread
import os
done = _thread.allocate_lock()
done.acquire()


def work():
    x = os.getpgid(0)  # here
    print("LEAKED", x)
    done.release()


_thread.start_new_thread(work, ())
done.acquire()
print("LEAKED")
