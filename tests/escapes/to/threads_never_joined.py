# technique: the interpreter waits at its end for a thread without end
# policy:
# | [limits]
# | wall = "1s"
# expect: limit wall
import threading

threading.Thread(target=threading.Event().wait).start()
