# policy:
# | [imports]
# | deny = ["socket", "sre_compile", "re._compiler"]
# expect: completed
# stdout: fine
import http.client
import re
import selectors
re.compile("a+")
print("fine", http.client.OK.value)
