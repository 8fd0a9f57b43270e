# python: 3.15+
# policy:
# | [imports]
# | allow = ["json"]
# expect: completed
# stdout: [1]
exec("lazy import json\nlazy from json import loads")
print(json.dumps([1]), loads("2"))
