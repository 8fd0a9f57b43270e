"""A bad plugin: it executes text that it was sent."""

import json

request = json.loads(input())
answers = list(map(eval, [request["text"]]))
print(json.dumps({"answers": answers}))
