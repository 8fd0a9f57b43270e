# policy:
# | [limits]
# | steps = 10
# | 
# | [[functions]]
# | id = "short"
# | match = "textwrap.*"
# | max_steps = 500
# expect: completed
# stdout: done

import textwrap

textwrap.dedent(" a\n b")
textwrap.dedent(" a\n b")
print("done")
