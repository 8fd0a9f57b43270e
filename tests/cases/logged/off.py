# policy:
# | [audit]
# | record = ["calls"]
# | arguments = "off"
# expect: completed
# not-logged: (

len("abc")
