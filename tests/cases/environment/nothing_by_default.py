# expect: completed
# stdout: []
import os
print([name for name in os.environ if name.startswith(("CASE_", "HOME", "USER", "LICTOR", "CARGO"))])
