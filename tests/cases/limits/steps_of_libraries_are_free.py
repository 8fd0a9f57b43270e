# policy:
# | [limits]
# | steps = 50
# expect: completed
# stdout: 1000
import json
import textwrap
text = json.dumps(list(range(1000)), indent=1)
textwrap.fill(text, 30)
print(len(json.loads(text)))
