# policy:
# | [[functions]]
# | id = "short"
# | match = "textwrap.*"
# | max_steps = 50
# expect: violation call
# expect-rule: short

import textwrap

print(textwrap.dedent(" a"))
for i in range(100):
    textwrap.dedent(" a\n b")
print("LEAKED")
