# tells: what `open` is made of isn't called by its caller, except by its own name
# policy:
# | [[functions]]
# | id = "forbidden"
# | match = ["io.FileIO", "io.TextIOWrapper", "io.BufferedReader"]
# | action = "deny"
# expect: violation call
# expect-subject: io.FileIO
# stdout: read
import io

with open(__file__) as script, open(__file__, "rb") as raw:
    if script.read() and raw.read():
        print("read", flush=True)
file = io.FileIO(__file__)  # here
print("LEAKED", file)
