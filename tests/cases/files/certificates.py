# policy:
# | [files]
# | read = ["{cwd}/**"]
# | write = ["{cwd}/**"]
# expect: violation file-read
# expect-rule: files.read
import os

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kept", "notes.txt")
import ssl

ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(KEPT)  # here
